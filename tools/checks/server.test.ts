import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerFrame } from "../../gen/confab/v1/realtime.js";
import { TlsFront } from "../testing/tls-front.js";
import { connect, createChannels, readLog } from "./api.js";
import { LocalServer } from "./local-server.js";
import { request, type Server } from "./server.js";
import { ClientSocket } from "./sockets/client-socket.js";

describe("a server whose addresses are of TLS", function () {
  this.timeout(60_000);
  let folder: string;
  let local: LocalServer;
  let front: TlsFront;
  let server: Server;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "confab-server-"));
    local = new LocalServer(join(folder, "data"));
    const ready = await local.start();
    front = await TlsFront.open(join(folder, "authority"));
    server = { ...(await front.before(ready)), token: ready.token };
  });
  after(async () => {
    await front?.close();
    await local?.close();
    await rm(folder, { recursive: true });
  });

  it("is reached by HTTP, gRPC and WebSocket with its authority", async () => {
    assert.equal((await request(server, "/health/live")).status, 200);
    const api = connect(server);
    const [channelId = ""] = await createChannels(api, 1);
    assert.equal((await readLog(api, channelId)).length, 2);
    api.close();
    const { frame, socket } = await firstFrame(server);
    assert.equal(frame.frame?.$case, "hello");
    socket.close();
  });

  it("is not reached without it", async () => {
    const { ca: _ca, ...bare } = server;
    await assert.rejects(request(bare, "/health/live"));
    await assert.rejects(firstFrame(bare));
    const api = connect(bare);
    await assert.rejects(createChannels(api, 1), { code: "unavailable" });
    api.close();
  });
});

async function firstFrame(server: Server): Promise<{ frame: ServerFrame; socket: ClientSocket }> {
  let came: (frame: ServerFrame) => void = () => {};
  const first = new Promise<ServerFrame>((resolve) => {
    came = resolve;
  });
  const socket = await ClientSocket.open(server, { frame: came, closed: () => {} });
  return { frame: await first, socket };
}
