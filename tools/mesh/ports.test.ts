import assert from "node:assert/strict";
import { allotPorts, type PortSource, portsNeeded, serviceProcesses } from "./ports.js";
import { countsDefault } from "./settings.js";

/** Ports from 100 on, of which some are somebody's. */
function sourceWith(...taken: number[]): PortSource {
  let next = 100;
  return {
    find: async (count) => {
      next += count;
      return next - count;
    },
    isFree: async (port) => !taken.includes(port),
  };
}

describe("the ports of a mesh", () => {
  it("are as many as there are parts, each with a name of its own", () => {
    const needed = portsNeeded(countsDefault, { cassandra: true, jaeger: true });
    const services = serviceProcesses(countsDefault).map(({ name }) => name);
    assert.deepEqual([...needed.keys()], ["etcd", "cassandra", "jaeger", ...services, "envoy"]);
    assert.deepEqual(
      services.filter((name) => name.startsWith("channel")),
      ["channel-1", "channel-2", "channel-3"],
    );
    const without = portsNeeded(countsDefault, { cassandra: false, jaeger: false });
    assert(!without.has("cassandra") && !without.has("jaeger"));
  });

  it("stay the same from one start to the next, while nobody else has one of them", async () => {
    const needed = new Map([
      ["etcd", 22],
      ["web-1", 3],
      ["new-1", 3],
    ]);
    const before = { etcd: 10, "web-1": 40, "gone-1": 50 };
    assert.deepEqual(await allotPorts(needed, before, sourceWith()), {
      ...{ etcd: 10, "web-1": 40, "new-1": 100 },
    });
    const other = await allotPorts(needed, before, sourceWith(42));
    assert.deepEqual(other, { etcd: 10, "web-1": 100, "new-1": 103 });
  });

  it("of etcd cannot be others, for its members know each other by them", async () => {
    const taken = allotPorts(new Map([["etcd", 22]]), { etcd: 10 }, sourceWith(31));
    await assert.rejects(taken, /one of the ports 10 to 31, which etcd keeps/);
  });
});
