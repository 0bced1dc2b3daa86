import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, request } from "undici";
import { WebSocket } from "ws";
import { systemClock } from "../../../lib/clock/system-clock.js";
import { type Identity, readIdentity } from "../../../lib/tls/identity.js";
import { DevelopmentAuthority } from "../../../tools/certificates/authority.js";
import { createSocketServer } from "../socket-engine.js";
import type { SocketServer, SocketTls } from "../sockets.js";
import { jsonSubprotocol, testedEngines } from "./test-gateway.js";

const ignore = () => {};
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const servername = "gateway.confab";

describe("sockets with TLS", () => {
  let folder: string;
  let tls: SocketTls;
  let peer: Identity;
  let server: SocketServer | undefined;
  let address: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "confab-tls-"));
    const authority = await DevelopmentAuthority.open(folder);
    const read = async (title: string, name: string) => {
      const files = { authority: authority.file, ...(await authority.issue(title, [name])) };
      return { identity: (await readIdentity({ tls: files }))!, files };
    };
    tls = await read("gateway", servername);
    peer = (await read("envoy", "envoy.confab")).identity;
  });
  afterEach(() => server?.close());
  after(() => rm(folder, { recursive: true }));

  async function serve(engine: (typeof testedEngines)[number]): Promise<void> {
    server = await createSocketServer(engine, systemClock, log, tls);
    const end = { received: ignore, drained: ignore, closed: ignore };
    const opened = (connection: { send(frame: string): void }) => {
      connection.send("hello");
      return end;
    };
    const welcome = { subprotocol: jsonSubprotocol, format: "json" as const, opened };
    const port = await server.listen(
      "127.0.0.1:0",
      async () => welcome,
      () => true,
    );
    address = `127.0.0.1:${port}`;
  }

  const trusting = () => ({ ca: peer.authority, servername });
  const known = () => ({ ...trusting(), cert: peer.certificate, key: peer.key });

  async function health(connect: object): Promise<number> {
    const agent = new Agent({ connect });
    try {
      const answer = await request(`https://${address}/health/ready`, { dispatcher: agent });
      await answer.body.text();
      return answer.statusCode;
    } finally {
      await agent.destroy();
    }
  }

  for (const engine of testedEngines) {
    it(`are opened for a peer with a certificate, by ${engine}`, async () => {
      await serve(engine);
      const socket = new WebSocket(`wss://${address}/v1/socket`, [jsonSubprotocol], known());
      const [frame] = await once(socket, "message");
      assert.equal(String(frame), "hello");
      socket.terminate();
      assert.equal(await health(known()), 200);
    });
  }

  it("are not opened for a peer without a certificate, by ws", async () => {
    await serve("ws");
    await assert.rejects(health(trusting()));
    const socket = new WebSocket(`wss://${address}/v1/socket`, [jsonSubprotocol], trusting());
    const [error] = await once(socket, "error");
    assert(error instanceof Error);
  });
});
