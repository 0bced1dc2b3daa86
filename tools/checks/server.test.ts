import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerFrame } from "../../gen/confab/v1/realtime.js";
import { TlsFront } from "../testing/tls-front.js";
import { connect, createChannels, readLog } from "./api.js";
import { LocalServer, type Ready } from "./local-server.js";
import { request, type Server } from "./server.js";
import { ClientSocket } from "./sockets/client-socket.js";

describe("a server whose addresses are of TLS", function () {
  this.timeout(60_000);
  let folder: string;
  let local: LocalServer;
  let front: TlsFront;
  let plain: Ready;
  let server: Server;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "confab-server-"));
    local = new LocalServer(join(folder, "data"));
    plain = await local.start();
    front = await TlsFront.open(join(folder, "authority"));
    server = { ...(await front.before(plain)), token: plain.token };
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

  it("is not taken for another whose name is in the certificate", async () => {
    const other = await TlsFront.open(join(folder, "authority"), ["elsewhere.test", "localhost"]);
    const elsewhere = { ...(await other.before(plain)), token: server.token };
    await assert.rejects(request(elsewhere, "/health/live"));
    const api = connect(elsewhere);
    await assert.rejects(createChannels(api, 1), { code: "unavailable", message: /altnames/ });
    api.close();
    await other.close();
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
