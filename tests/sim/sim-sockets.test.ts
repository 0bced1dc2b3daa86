import assert from "node:assert/strict";
import type { Ending } from "./lane.js";
import { Network } from "./network.js";
import { type ServerSocket, SimSockets, type SocketData } from "./sim-sockets.js";
import { World } from "./world.js";

function setUp() {
  const world = new World(1);
  const sockets = new SimSockets(new Network(world));
  const log: string[] = [];
  const end = (name: string) => ({
    received: (data: SocketData) => log.push(`${name} got ${data}`),
    closed: ({ code, reason }: Ending) => log.push(`${name} closed ${code} ${reason}`),
  });
  const taken: ServerSocket[] = [];
  sockets.listen(world.start("gateway"), "gateway:80", (socket) => {
    taken.push(socket);
    return end("gateway");
  });
  const client = sockets.connect(world.start("client"), "gateway:80", end("client"));
  const run = (ms: number) => world.scheduler.runUntil(world.scheduler.now + ms);
  return { log, taken, client, run };
}

describe("a simulated socket", () => {
  it("brings frames both ways and the code with which it was closed", async () => {
    const { log, taken, client, run } = setUp();
    client.send("hello");
    await run(50);
    taken[0]?.send("welcome");
    taken[0]?.close({ code: 4001, reason: "draining" });
    await run(50);
    const closed = "closed 4001 draining";
    assert.deepEqual(log, [
      "gateway got hello",
      `gateway ${closed}`,
      "client got welcome",
      `client ${closed}`,
    ]);
  });

  it("buffers what a client does not read, and tells when it has read all", async () => {
    const { log, taken, client, run } = setUp();
    await run(50);
    let drained = 0;
    taken[0]?.onDrained(() => drained++);
    client.hold(true);
    for (let i = 0; i < 10; i++) taken[0]?.send("12345");
    await run(1000);
    assert.equal(taken[0]?.bufferedBytes(), 50);
    assert.equal(drained, 0);
    client.hold(false);
    await run(100);
    assert.equal(taken[0]?.bufferedBytes(), 0);
    assert.equal(drained, 1);
    assert.equal(log.length, 10);
  });
});
