import assert from "node:assert/strict";
import type { CommandFrame, ResultFrame } from "../../gen/confab/mesh/v1/write.js";
import type { Link } from "../../lib/links/links.js";
import { Unreachable } from "../../lib/links/links.js";
import { linksSuite } from "../../lib/links/links-suite.js";
import { Network } from "./network.js";
import { makeServices, SimLinks } from "./sim-links.js";
import { World } from "./world.js";

const frame = (number: number): ResultFrame => ({ results: [{ number, outcome: undefined }] });
const address = "b:1";

/**
 * A client at host `a` and a server at host `b` that answers each frame with one of as many results as
 * commands.
 */
async function setUp(seed: number) {
  const world = new World(seed);
  const network = new Network(world);
  const services = makeServices();
  const [a, b] = [world.start("a"), world.start("b")];
  const log = { client: [] as string[], server: [] as string[] };
  const serverLinks: Link<ResultFrame>[] = [];
  const listener = await new SimLinks(network, services, b).listen(address, {
    accept_commands: (link) => {
      serverLinks.push(link);
      return {
        received: (commands) => log.server.push(`got ${commands.commands.length}`),
        closed: (reason) => log.server.push(`closed: ${reason}`),
      };
    },
    answer_readEvents: async (request) => {
      if (request.limit === 0) throw new Error("broken");
      return { outcome: { $case: "refusal", value: { ...refusal, code: request.channelId } } };
    },
  });
  const links = new SimLinks(network, services, a);
  const open = () =>
    links.open(address, "commands", {
      received: (results) => log.client.push(`got ${results.results[0]?.number}`),
      closed: (reason) => log.client.push(`closed: ${reason}`),
    });
  const run = (ms: number) => world.scheduler.runUntil(world.scheduler.now + ms);
  return { world, network, services, a, b, log, serverLinks, listener, links, open, run };
}

const refusal = { code: "", message: "", field: "", retryMs: 0, ownerEpoch: 0 };
const commands = (count: number): CommandFrame => ({
  commands: Array.from({ length: count }, (_, number) => ({
    number,
    channelId: "C",
    epoch: 1,
    author: "U",
    firstAttempt: true,
    deadlineUs: 0,
    action: undefined,
  })),
});
const request = { channelId: "C1", epoch: 1, reader: "U", minSeq: 0, fromSeq: 0, limit: 1, downward: false };

/** Whether what came is a beginning of what was sent, followed by nothing or by the link's end. */
function assertPrefix(came: readonly string[], sent: number): void {
  const frames = came.filter((line) => line.startsWith("got"));
  assert.deepEqual(
    frames,
    Array.from({ length: frames.length }, (_, i) => `got ${i + 1}`),
  );
  assert.ok(frames.length <= sent);
  const ends = came.filter((line) => line.startsWith("closed"));
  assert.ok(ends.length <= 1 && (ends.length === 0 || came.at(-1) === ends[0]));
}

describe("a simulated link", () => {
  it("brings all frames in order, those written before it was connected too", async () => {
    const { open, log, serverLinks, run } = await setUp(1);
    const link = open();
    for (let i = 1; i <= 50; i++) link.send(commands(i));
    await run(200);
    assertPrefix(log.server, 50);
    assert.equal(log.server.length, 50);
    serverLinks[0]?.send(frame(1));
    await run(50);
    assert.deepEqual(log.client, ["got 1"]);
  });

  it("shares nothing between its ends", async () => {
    const { open, log, run } = await setUp(1);
    const sent = commands(3);
    const link = open();
    link.send(sent);
    sent.commands.pop();
    link.send(sent);
    sent.commands.pop();
    await run(100);
    const later = commands(5);
    link.send(later);
    later.commands.pop();
    await run(100);
    assert.deepEqual(log.server, ["got 3", "got 2", "got 5"]);
  });

  it("brings what was sent before it was closed, and tells the other end", async () => {
    const { open, log, run } = await setUp(1);
    const link = open();
    await run(50);
    link.send(commands(1));
    link.close("enough");
    link.send(commands(2));
    link.close("again");
    await run(100);
    assert.deepEqual(log.server, ["got 1", "closed: enough"]);
    assert.deepEqual(log.client, ["closed: enough"]);
  });

  it("loses only the newest frames when it breaks, and tells both ends", async () => {
    const lost = new Set<number>();
    for (let seed = 1; seed <= 30; seed++) {
      const { open, log, serverLinks, network, run } = await setUp(seed);
      const link = open();
      await run(50);
      for (let i = 1; i <= 10; i++) link.send(commands(i));
      for (let i = 1; i <= 10; i++) serverLinks[0]?.send(frame(i));
      await run(0.4);
      network.breakOne();
      link.send(commands(11));
      await run(5000);
      assertPrefix(log.server, 10);
      assertPrefix(log.client, 10);
      assert.match(log.server.at(-1) ?? "", /closed: broken/);
      assert.match(log.client.at(-1) ?? "", /closed: broken/);
      lost.add(11 - log.server.length);
    }
    assert.ok(lost.has(0) && lost.has(10) && lost.size > 3, `lost ${[...lost]}`);
  });

  it("ends when the other process dies or its listener closes", async () => {
    const crashed = await setUp(1);
    crashed.open();
    await crashed.run(50);
    crashed.b.crash();
    await crashed.run(5000);
    assert.deepEqual(crashed.log.client, ["closed: peer died"]);
    assert.deepEqual(crashed.log.server, []);

    const closed = await setUp(1);
    closed.open();
    await closed.run(50);
    await closed.listener.close();
    await closed.listener.close();
    await closed.run(100);
    assert.deepEqual(closed.log.client, ["closed: the listener closed"]);
    assert.deepEqual(closed.log.server, ["closed: the listener closed"]);
  });

  it("is refused where nobody listens, where that is not offered, and where chance has it", async () => {
    const { open, listener, log, run, network, links } = await setUp(1);
    network.faults.refuse = 1;
    open();
    await run(100);
    network.faults.refuse = 0;
    await listener.close();
    open();
    await run(100);
    assert.deepEqual(log.client, ["closed: connection refused", "closed: connection refused"]);
    await links.listen("a:1", {});
    links.open("a:1", "commands", { received() {}, closed: (reason) => log.client.push(reason) });
    await run(100);
    assert.equal(log.client.at(-1), "not offered here");
  });

  it("holds frames during a short partition and gives up in a long one", async () => {
    const { open, log, network, run, world } = await setUp(1);
    const link = open();
    await run(50);
    network.partition(["a"], ["b"]);
    link.send(commands(1));
    await run(500);
    assert.deepEqual(log.server, []);
    network.heal();
    await run(5000);
    assert.deepEqual(log.server, ["got 1"]);
    network.partition(["a"], ["b"]);
    link.send(commands(2));
    await run(10_000);
    network.heal();
    await run(1000);
    assert.deepEqual(log.server, ["got 1", "closed: no sign of life"]);
    assert.deepEqual(log.client, ["closed: no sign of life"]);
    assert.equal(world.coverage.count("link.severed"), 1);
  });

  it("breaks its own rules only when told to be hostile", async () => {
    const { open, log, network, run, world } = await setUp(1);
    const link = open();
    await run(50);
    Object.assign(network.faults, { drop: 0.2, duplicate: 0.2, reorder: 0.2 });
    for (let i = 1; i <= 100; i++) link.send(commands(i));
    await run(500);
    const numbers = log.server.map((line) => Number(line.slice(4)));
    assert.ok(new Set(numbers).size < 100);
    assert.ok(numbers.some((number, i) => number === numbers[i - 1]));
    assert.ok(numbers.some((number, i) => number < (numbers[i - 1] ?? 0)));
    for (const name of ["frame.dropped", "frame.duplicated", "frame.reordered"] as const) {
      assert.ok(world.coverage.count(name) > 0);
    }
  });
});

describe("a simulated call", () => {
  it("is answered by who listens there", async () => {
    const { links, run } = await setUp(1);
    const asked = links.call(address, "readEvents", request, 1000);
    await run(200);
    assert.deepEqual((await asked).outcome, { $case: "refusal", value: { ...refusal, code: "C1" } });
  });

  it("is unreachable when nobody is there, when the handler fails, and when a partition lasts", async () => {
    const { links, run, network } = await setUp(1);
    const outcomes = [
      assert.rejects(links.call("c:1", "readEvents", request, 1000), Unreachable),
      assert.rejects(links.call(address, "readEvents", { ...request, limit: 0 }, 1000), Unreachable),
    ];
    await run(200);
    await Promise.all(outcomes);
    network.block("b", "a");
    const cut = assert.rejects(links.call(address, "readEvents", request, 1000), Unreachable);
    await run(1100);
    await cut;
  });
});

describe("simulated links", () => {
  let driven = true;
  after(() => {
    driven = false;
  });

  linksSuite("simulated", () => {
    const world = new World(1);
    const drive = async () => {
      while (driven) {
        await world.scheduler.runUntil(world.scheduler.now + 100);
        await new Promise(setImmediate);
      }
    };
    void drive();
    const links = new SimLinks(new Network(world), makeServices(), world.start("b"));
    return { links, address: "b:0" };
  });
});
