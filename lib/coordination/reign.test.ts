import assert from "node:assert/strict";
import { ManualClock } from "../clock/manual-clock.js";
import { type Lease, LeaseLost } from "./coordinator.js";
import { leaseTtlMs } from "./lease-times.js";
import { Reign } from "./reign.js";

const key = { key: "leader", value: "" };

describe("a reign", () => {
  let clock: ManualClock;
  let answer: () => Promise<void>;
  let ended: string[];
  const lease: Lease = { id: "1", keepAlive: () => answer(), revoke: async () => {} };
  beforeEach(() => {
    clock = new ManualClock();
    answer = async () => {};
    ended = [];
  });

  const create = () => {
    const reign = new Reign(clock);
    void reign.over.then((why) => ended.push(why));
    return reign;
  };

  it("does not begin if its lease may be over by then", async () => {
    const reign = create();
    await clock.pass(leaseTtlMs - 1);
    assert.deepEqual([reign.begin(lease, 7), ended], [false, ["the lease may be lost"]]);
  });

  it("goes on while its lease does, and ends before that could end unanswered", async () => {
    assert(create().begin(lease, 7));
    await clock.pass(10 * leaseTtlMs);
    assert.deepEqual(ended, []);
    answer = () => Promise.reject(new Error("no answer"));
    await clock.pass(leaseTtlMs - 1);
    assert.deepEqual(ended, ["the lease may be lost"]);
  });

  it("ends, too, when an answer neither comes nor fails", async () => {
    assert(create().begin(lease, 7));
    answer = () => new Promise(() => {});
    await clock.pass(leaseTtlMs);
    assert.deepEqual(ended, ["the lease may be lost"]);
  });

  it("ends at once when the lease is lost", async () => {
    assert(create().begin(lease, 7));
    answer = () => Promise.reject(new LeaseLost());
    await clock.pass(500);
    assert.deepEqual(ended, ["the lease is lost"]);
  });

  it("takes news from before its election for old, and what follows for its end", async () => {
    const reign = create();
    assert(reign.begin(lease, 7));
    for (const old of [undefined, { ...key, revision: 5 }, undefined]) reign.heard(old);
    reign.heard({ ...key, revision: 7 });
    await clock.pass(0);
    assert.deepEqual(ended, []);
    reign.heard(undefined);
    await clock.pass(0);
    assert.deepEqual(ended, ["the key is gone"]);
  });

  it("ends when another has the key, whatever was heard of its own", async () => {
    const reign = create();
    assert(reign.begin(lease, 7));
    reign.heard({ ...key, revision: 8 });
    await clock.pass(0);
    assert.deepEqual(ended, ["another has the key"]);
  });
});
