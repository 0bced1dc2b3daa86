import assert from "node:assert/strict";
import { ManualClock } from "../../lib/clock/manual-clock.js";
import type { Coordinator } from "../../lib/coordination/coordinator.js";
import { leaseTtlMs } from "../../lib/coordination/lease-times.js";
import { MemoryCoordinator } from "../../lib/coordination/memory-coordinator.js";
import type { Links, Listener } from "../../lib/links/links.js";
import { MemoryLinks } from "../../lib/links/memory-links.js";
import { memberPrefix } from "../../lib/ring/keys.js";
import { parseMember } from "../../lib/ring/records.js";
import { ringReadyMsMax } from "../../lib/ring/ring-view.js";
import { MemoryStore } from "../../lib/store/memory/memory-store.js";
import { ChannelServer } from "./server.js";

describe("a channel server", () => {
  let clock: ManualClock;
  let coordinator: MemoryCoordinator;
  let puts: number;
  let waits: number[];
  let servers: ChannelServer[];
  beforeEach(() => {
    clock = new ManualClock();
    coordinator = new MemoryCoordinator(clock);
    [puts, waits, servers] = [0, [], []];
  });
  afterEach(() => Promise.all(servers.map((server) => server.close())));

  it("takes the place of a former life when it starts, but never when it joins again", async () => {
    const [first, second] = [serverOf("a:1"), serverOf("a:2")];
    await started(first);
    await started(second);
    await clock.pass(20 * leaseTtlMs);
    assert.deepEqual([await addresses(), puts], [["a:2"], 2]);
    const grow = waits.every((wait, i) => wait >= Math.min(10_000, 500 * 2 ** i) / 2);
    assert(waits.length > 5 && waits.length < 25 && grow, waits.join());
    await second.close();
    await clock.pass(2 * leaseTtlMs);
    assert.deepEqual([await addresses(), puts], [["a:1"], 3]);
  });

  it("is a member from its registration to its end, as it tells who asks for its health", async () => {
    const serving: boolean[] = [];
    const memory = new MemoryLinks(clock);
    const listen: Links["listen"] = async (address, service) => ({
      ...(await memory.listen(address, service)),
      setServing: (isServing) => void serving.push(isServing),
    });
    const links: Links = { listen, open: memory.open.bind(memory), call: memory.call.bind(memory) };
    const server = serverOf("a:1", links);
    assert.equal(server.isMember, false);
    await started(server);
    assert.equal(server.isMember, true);
    const [entry] = await coordinator.read(memberPrefix);
    await coordinator.transact({ remove: [entry!.key] });
    await clock.pass(0);
    await server.close();
    assert.equal(server.isMember, false);
    assert.deepEqual(serving, [false, true, false, true, false]);
  });

  it("tells peers another address than the one where it listens", async () => {
    await started(serverOf("a:1", undefined, {}, "outside:7"));
    assert.deepEqual(await addresses(), ["outside:7"]);
  });

  it("joins again under a new incarnation when its entry is taken away", async () => {
    await started(serverOf("a:1"));
    const [before] = await coordinator.read(memberPrefix);
    await coordinator.transact({ remove: [before!.key] });
    await clock.pass(0);
    const [after] = await coordinator.read(memberPrefix);
    assert.notEqual(after!.value, before!.value);
  });

  it("that is closed while it begins to listen hangs up, and is no member", async () => {
    const links = new MemoryLinks(clock);
    let goOn = () => {};
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let open = 0;
    const slow: Pick<Links, "listen"> = {
      listen: async (address, service): Promise<Listener> => {
        await gate;
        const listener = await links.listen(address, service);
        open++;
        const close = async () => {
          open--;
          await listener.close();
        };
        return { ...listener, close };
      },
    };
    const server = serverOf("a:1", Object.assign(new MemoryLinks(clock), slow));
    const refused = assert.rejects(server.start(), { code: "unavailable" });
    await clock.pass(0);
    await server.close();
    goOn();
    await refused;
    await clock.pass(leaseTtlMs);
    assert.deepEqual([open, puts], [0, 0]);
  });

  it("gives up its start when the coordinator tells nothing", async () => {
    const watch = () => ({ cancel() {} });
    const server = serverOf("a:1", new MemoryLinks(clock), { watch });
    const refused = assert.rejects(server.start(), { code: "deadline_exceeded" });
    await clock.pass(ringReadyMsMax);
    await refused;
  });

  function serverOf(
    address: string,
    links: Links = new MemoryLinks(clock),
    change: Partial<Coordinator> = {},
    advertisedAddress?: string,
  ) {
    const counted: Coordinator = {
      read: (prefix) => coordinator.read(prefix),
      watch: (prefix, watcher) => coordinator.watch(prefix, watcher),
      grantLease: (ttlMs) => coordinator.grantLease(ttlMs),
      close: () => coordinator.close(),
      transact: (transaction) => {
        puts += transaction.put?.filter(({ key }) => key.startsWith(memberPrefix)).length ?? 0;
        return coordinator.transact(transaction);
      },
      ...change,
    };
    const warn = (details: { waitMs?: number }) => void (details.waitMs && waits.push(details.waitMs));
    const log = { debug() {}, info() {}, warn, error() {} };
    let drawn = 0;
    const random = () => (drawn++ % 32) / 32;
    const common = { clock, random, log, links, store: new MemoryStore(), coordinator: counted };
    const server = new ChannelServer({ ...common, memberId: "a", address, advertisedAddress });
    servers.push(server);
    return server;
  }

  async function started(server: ChannelServer): Promise<void> {
    const starting = server.start();
    await clock.pass(0);
    await starting;
  }

  const addresses = async () =>
    (await coordinator.read(memberPrefix)).map((entry) => parseMember(entry)?.address);
});
