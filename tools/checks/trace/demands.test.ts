import assert from "node:assert/strict";
import { type Demands, faultsOf } from "./demands.js";
import { readTrace } from "./jaeger-trace.js";
import { jaegerAnswer } from "./sample.js";

const demands: Demands = { gateways: 2, store: "cassandra", hasEdge: true };

type Change = NonNullable<Parameters<typeof jaegerAnswer>[0]>;

const faults = (change?: Change, others: Partial<Demands> = {}) =>
  faultsOf(readTrace(jaegerAnswer(change)), { ...demands, ...others });

/** All rows as they are, but for those of a name. */
const named =
  (name: string, how: (row: Parameters<Change>[0]) => ReturnType<Change>): Change =>
  (row) =>
    row[2] === name ? how(row) : row;

describe("the trace of a message as Jaeger has it", () => {
  it("is read as services, names, parents and links", () => {
    const { traceId, spans, gateways } = readTrace(jaegerAnswer());
    assert.deepEqual([traceId, spans.length, gateways], ["98db64d26119761c725fab171be17a11", 11, 2]);
    const { service, instance, name, kind, parent, links } = spans[9]!;
    assert.deepEqual(
      [service, instance, name, kind, parent, links],
      [
        "confab-gateway",
        "gateway-1",
        "deliver clients",
        "consumer",
        "confab-channel: send gateways",
        ["confab-admin: send channel"],
      ],
    );
    assert.equal(spans[6]?.attributes["db.system.name"], "cassandra");
  });

  it("is nothing else", () => {
    for (const answer of [{}, { data: [] }, { data: [{}] }, undefined])
      assert.throws(() => readTrace(answer));
  });

  it("is as it must be", () => assert.deepEqual(faults(), []));

  it("lacks no hop", () => {
    for (const name of ["POST /confab.v1.Messaging/PostMessages", "send channel", "process channel"])
      assert.notDeepEqual(faults(named(name, () => undefined)), [], name);
    for (const name of ["append log", "send gateways"])
      assert.match(faults(named(name, () => undefined)).join(), /is there 0 times/);
    assert.deepEqual(
      faults((row, i) => (i === 0 ? undefined : row)),
      ["the edge is not in it"],
    );
    assert.deepEqual(
      faults((row, i) => (i === 0 ? undefined : row), { hasEdge: false }),
      [],
    );
  });

  it("has each hop under the one before", () => {
    const underWeb: Change = named("append log", ([a, b, c, d, , e]) => [a, b, c, d, 1, e]);
    assert.match(faults(underWeb).join(), /append log is under "confab-web: POST/);
    const root: Change = named("process channel", ([a, b, c, d, , e]) => [a, b, c, d, -1, e]);
    assert.match(faults(root).join(), /process channel is under "", not under "confab-admin: send channel"/);
    const besideEdge: Change = (row, i) => (i === 1 ? [row[0], row[1], row[2], row[3], -1, -1] : row);
    assert.match(faults(besideEdge).join(), /not under the edge/);
  });

  it("has a delivery at each gateway, one, under the fan-out and linked to the creation", () => {
    const one: Change = (row, i) => (i === 10 ? undefined : row);
    assert.deepEqual(faults(one), ["delivered at 1 gateways, not 2"]);
    const twice: Change = (row, i) =>
      i === 10 ? [row[0], "gateway-1", row[2], row[3], row[4], row[5]] : row;
    assert.deepEqual(faults(twice), [
      "a gateway has more than one delivery",
      "delivered at 1 gateways, not 2",
    ]);
    const unlinked: Change = named("deliver clients", ([a, b, c, d, e]) => [a, b, c, d, e, -1]);
    assert.match(faults(unlinked).join(), /gateway-1 is not linked to the creation/);
    const elsewhere: Change = named("deliver clients", ([a, b, c, d, , e]) => [a, b, c, d, 5, e]);
    assert.match(faults(elsewhere).join(), /under "confab-channel: process channel", not under the fan-out/);
  });

  it("is stored in the store that is used", () => {
    assert.deepEqual(faults(undefined, { store: "sqlite" }), ["the append is to cassandra, not to sqlite"]);
  });

  it("has no ids in names", () => {
    const ids = ["C97G5RZ4YBPJZ", "1700000000000100", "4bf92f3577b34da6a3ce929d0e0e4736", "127.0.0.1:8065"];
    for (const id of ids) {
      const change: Change = named("confirm fenced", ([a, b, , d, e, f]) => [a, b, `confirm ${id}`, d, e, f]);
      assert.deepEqual(faults(change), [`an id is in the name "confirm ${id}"`]);
    }
  });
});
