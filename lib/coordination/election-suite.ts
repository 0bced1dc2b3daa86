import assert from "node:assert/strict";
import { type Clock, sleep } from "../clock/clock.js";
import { type Stage, until } from "./coordination-suite.js";
import type { Coordinator, Lease, Transaction } from "./coordinator.js";
import { Election } from "./election.js";

/** What the suite runs on. */
export interface ElectionStage extends Stage {
  readonly clock: Clock;
}

const key = "leader/test";

/** One candidate with what happened to it, and ways to disturb it. */
class Candidate {
  readonly election: Election;
  /** Whether it led, whenever that changed. */
  readonly heard: boolean[] = [];
  readonly leases: Lease[] = [];
  cutOff = false;
  /** Happens once: the next transaction commits, but its answer is lost. */
  loseAnswer = false;
  /** Answers to transactions take so long, in ms, that their news is there before. */
  answerMs = 0;

  constructor(
    private readonly stage: ElectionStage,
    id: string,
  ) {
    const { clock } = stage;
    this.election = new Election({
      ...{ clock, id, key, random: Math.random, coordinator: this.#disturbed() },
      log: { debug() {}, info() {}, warn() {}, error() {} },
      changed: () => this.heard.push(this.leads),
    });
  }

  get leads(): boolean {
    return this.election.condition !== undefined;
  }

  #disturbed(): Coordinator {
    const { coordinator } = this.stage;
    const reach = <Result>(act: () => Promise<Result>) =>
      this.cutOff ? Promise.reject(new Error("no answer")) : act();
    return {
      read: (prefix) => reach(() => coordinator.read(prefix)),
      watch: (prefix, watcher) => coordinator.watch(prefix, watcher),
      transact: (transaction) => reach(() => this.#transact(transaction)),
      grantLease: (ttlMs) =>
        reach(async () => {
          const lease = await coordinator.grantLease(ttlMs);
          this.leases.push(lease);
          const [keepAlive, revoke] = [() => lease.keepAlive(), () => lease.revoke()];
          return { id: lease.id, keepAlive: () => reach(keepAlive), revoke: () => reach(revoke) };
        }),
      close: async () => {},
    };
  }

  async #transact(transaction: Transaction): Promise<number | undefined> {
    const revision = await this.stage.coordinator.transact(transaction);
    if (this.answerMs > 0) await sleep(this.stage.clock, this.answerMs);
    if (!this.loseAnswer) return revision;
    this.loseAnswer = false;
    throw new Error("the answer was lost");
  }
}

/** What an election promises over every implementation of `Coordinator`; `open` is called for every test. */
export function electionSuite(name: string, open: () => Promise<ElectionStage>): void {
  describe(`an election over ${name}`, () => {
    let stage: ElectionStage;
    let candidates: Candidate[];
    beforeEach(async () => {
      stage = await open();
      candidates = [];
    });
    afterEach(async () => {
      for (const { election } of candidates) await election.close();
      await stage.coordinator.close();
    });

    const stand = async (id: string) => {
      const candidate = new Candidate(stage, id);
      candidates.push(candidate);
      candidate.election.start();
      return candidate;
    };
    const leading = async (id: string) => {
      const candidate = await stand(id);
      await until(stage, () => assert(candidate.leads, `${id} does not lead`));
      return candidate;
    };
    const asked: Asked = { stage: () => stage, leading, stand };
    describe("with others waiting", () => successions(asked));
    describe("in doubt", () => doubts(asked));
  });
}

interface Asked {
  stage(): ElectionStage;
  stand(id: string): Promise<Candidate>;
  leading(id: string): Promise<Candidate>;
}

function successions({ stage, stand, leading }: Asked): void {
  it("has one leader, whose key is as it says", async () => {
    const [one, other] = [await leading("a"), await stand("b")];
    const [entry] = await stage().coordinator.read(key);
    assert.deepEqual(one.election.condition, { key, revision: entry?.revision });
    await until(stage(), () => assert(one.leads && !other.leads));
  });

  it("gives the next its turn as soon as the leader resigns", async () => {
    const [one, other] = [await leading("a"), await stand("b")];
    const before = one.election.condition!.revision;
    await one.election.close();
    await one.election.close();
    assert.deepEqual([one.leads, one.heard], [false, [true, false]]);
    await until(stage(), () => assert(other.leads, "b does not lead"));
    assert(other.election.condition!.revision > before);
    assert.deepEqual(other.heard, [true]);
  });

  it("has a new reign when the lease is gone, and refuses what is written in the old one", async () => {
    const [one, other] = [await leading("a"), await stand("b")];
    const condition = one.election.condition!;
    await one.leases[0]!.revoke();
    await until(stage(), () => {
      const reigns = [one, other].flatMap(({ election }) => election.condition?.revision ?? []);
      assert(reigns.length === 1 && reigns[0]! > condition.revision, `reigns since ${reigns}`);
    });
    const late = { when: [condition], put: [{ key: "x", value: "late" }] };
    assert.equal(await stage().coordinator.transact(late), undefined);
    const [leader, next] = one.leads ? [one, other] : [other, one];
    await leader.election.close();
    await until(stage(), () => assert(next.leads, "the other does not lead"));
    assert.deepEqual(one.heard.slice(0, 2), [true, false]);
  });

  it("lets a new life of the leader take its place at once, but only once", async () => {
    const former = await leading("a");
    const latter = await leading("a");
    await until(stage(), () => assert(latter.leads && !former.leads, "not the new life alone"));
    await latter.election.doubt();
    assert.deepEqual([latter.leads, latter.heard, former.heard], [true, [true], [true, false]]);
  });

  it("does not stand once it is closed", async () => {
    const one = await stand("a");
    await one.election.close();
    one.election.start();
    const other = await leading("b");
    await other.election.close();
    assert.deepEqual(one.heard, []);
  });
}

function doubts({ stage, stand, leading }: Asked): void {
  it("has the leader step down before its lease can end when nobody answers it", async () => {
    const [one, other] = [await leading("a"), await stand("b")];
    one.cutOff = true;
    let tooLate = false;
    await until(stage(), () => {
      tooLate ||= one.leads && other.leads;
      assert(other.leads, "b does not lead");
    });
    assert.deepEqual([one.leads, tooLate], [false, false]);
    one.cutOff = false;
  });

  it("has the leader step down when its key is gone, by whoever's hand", async () => {
    const one = await leading("a");
    const before = one.election.condition!.revision;
    await until(stage(), () => assert(one.leads));
    await stage().coordinator.transact({ remove: [key] });
    await one.election.doubt();
    await until(stage(), () => assert((one.election.condition?.revision ?? 0) > before, "not elected again"));
    assert.deepEqual(one.heard, [true, false, true]);
  });

  it("hears that its key is gone, although it heard of its election before the answer to it", async () => {
    const one = await stand("a");
    one.answerMs = 200;
    await until(stage(), () => assert(one.leads, "a does not lead"));
    const before = one.election.condition!.revision;
    await stage().coordinator.transact({ remove: [key] });
    await until(stage(), () => assert((one.election.condition?.revision ?? 0) > before, "not elected again"));
    assert.deepEqual(one.heard, [true, false, true]);
  });

  it("finds out at once, when asked to look, that another holds the key", async () => {
    const one = await leading("a");
    await stage().coordinator.transact({ put: [{ key, value: "other" }] });
    await one.election.doubt();
    assert.equal(one.leads, false);
  });

  it("is elected without a wait for its own lease when the answer to its first try is lost", async () => {
    const one = await stand("a");
    one.loseAnswer = true;
    await until(stage(), () => assert(one.leads, "a does not lead"));
    const [entry] = await stage().coordinator.read(key);
    assert.equal(entry?.revision, one.election.condition?.revision);
    assert.deepEqual([one.leases.length, one.heard], [2, [true]]);
  });
}
