import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { TestSocket } from "../../services/gateway/tests/test-socket.js";
import { LocalServer } from "../../tools/checks/local-server.js";
import { request } from "../../tools/checks/server.js";
import { targetName } from "./target/use-mesh.js";

const connectSchema = z.object({ url: z.string(), ticket: z.string() });
/** Longer than a test may take. */
const longMs = 600_000;

// The programs of a mesh end in a mesh's order: those tests are beside them.
const defined = targetName === "local" ? describe : () => {};

defined("a server that is asked to end", function (this: Mocha.Suite) {
  this.timeout(60_000);
  let folder: string;
  let server: LocalServer;
  const sockets: TestSocket[] = [];

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.end();
    await server.kill();
    await server.close();
    await rm(folder, { recursive: true });
  });

  /** Starts one that gives its clients so much time; resolves with a client's socket. */
  async function start(drainMs: number): Promise<TestSocket> {
    folder = await mkdtemp(join(tmpdir(), "confab-e2e-"));
    server = new LocalServer(folder, ["--drain-ms", String(drainMs)]);
    const ready = await server.start();
    const headers = { authorization: `Bearer ${ready.token}` };
    const answer = await request(ready, "/api/rtm.connect", { method: "POST", headers });
    const { url: address, ticket } = connectSchema.parse(await answer.json());
    const socket = new TestSocket(address, ["confab.v1.json", `confab.ticket.${ticket}`]);
    sockets.push(socket);
    assert.match(await socket.next(), /^\{"hello":/);
    return socket;
  }

  async function goAway(socket: TestSocket): Promise<number> {
    return JSON.parse(await socket.next()).goAway.reconnectInMs ?? 0;
  }

  it("asks its clients to come back, serves them, and ends silently when all have gone", async () => {
    const socket = await start(longMs);
    server.signal("SIGTERM");
    assert.ok((await goAway(socket)) < longMs);
    socket.send('{"ping":{}}');
    assert.match(await socket.next(), /^\{"pong":/);
    socket.socket.close();
    await server.ended();
    // Nor has a library warned of how it is used.
    assert.deepEqual(server.words, []);
  });

  it("waits for clients that stay no longer than it may, and ends their connections then", async () => {
    const socket = await start(50);
    server.signal("SIGINT");
    assert.ok((await goAway(socket)) < 50);
    assert.equal((await socket.closed()).code, 4000);
    await server.ended();
  });

  it("ends at once at a second signal", async () => {
    const socket = await start(longMs);
    server.signal("SIGINT");
    await goAway(socket);
    const closed = socket.closed();
    server.signal("SIGTERM");
    assert.equal((await closed).code, 4000);
    await server.ended();
  });

  it("waits for nobody where it is told so", async () => {
    const socket = await start(0);
    const closed = socket.closed();
    server.signal("SIGTERM");
    assert.equal((await closed).code, 4000);
    await server.ended();
  });
});
