import assert from "node:assert/strict";
import { ConfabError } from "../errors/errors.js";
import { type Coordinator, type Entry, LeaseLost, transactionOpsMax } from "./coordinator.js";
import { Recorder } from "./recorder.js";

/** What the suite runs on. */
export interface Stage {
  /** Over an empty store. The suite closes it. */
  readonly coordinator: Coordinator;
  /** Lets so many milliseconds pass, and all that is due in them. */
  advance(ms: number): Promise<void>;
}

/** As short as etcd's leases can be with the election timeout that it has by itself. */
const ttlMs = 2000;
const untilMsMax = 10_000;

/** What every implementation of `Coordinator` promises; `open` is called for every test. */
export function coordinationSuite(name: string, open: () => Promise<Stage>): void {
  describe(`coordination over ${name}`, () => {
    let stage: Stage;
    beforeEach(async () => {
      stage = await open();
    });
    afterEach(() => stage.coordinator.close());
    const current = () => stage;

    describe("transactions", () => transactions(current));
    describe("limits of a transaction", () => limits(current));
    describe("reads", () => reads(current));
    describe("watches", () => watches(current));
    describe("leases", () => leases(current));
    describe("loss of a lease", () => leaseLoss(current));
  });
}

function transactions(stage: () => Stage): void {
  it("give what one writes one revision, higher than all before", async () => {
    const { coordinator } = stage();
    const first = await coordinator.transact({ put: [write("a", "1"), write("b", "1")] });
    const second = await coordinator.transact({ put: [write("a", "2")] });
    assert(first && second && second > first, `${first} before ${second}`);
    assert.deepEqual(await coordinator.read(""), [
      { key: "a", value: "2", revision: second },
      { key: "b", value: "1", revision: first },
    ]);
  });

  it("commit only while the revisions that they name hold", async () => {
    const { coordinator } = stage();
    const first = (await coordinator.transact({ put: [write("a", "1")] }))!;
    const second = await coordinator.transact({ when: [when("a", first)], put: [write("a", "2")] });
    assert(second);
    assert.equal(await coordinator.transact({ when: [when("a", first)], put: [write("a", "3")] }), undefined);
    assert.deepEqual(await values(coordinator, ""), { a: "2" });
  });

  it("take revision 0 for a key that does not exist, and for no other", async () => {
    const { coordinator } = stage();
    assert(await coordinator.transact({ when: [when("a", 0)], put: [write("a", "1")] }));
    assert.equal(await coordinator.transact({ when: [when("a", 0)], put: [write("a", "2")] }), undefined);
    await coordinator.transact({ remove: ["a"] });
    assert(await coordinator.transact({ when: [when("a", 0)], put: [write("a", "3")] }));
    assert.deepEqual(await values(coordinator, ""), { a: "3" });
  });

  it("do all or nothing", async () => {
    const { coordinator } = stage();
    const first = (await coordinator.transact({ put: [write("a", "1"), write("b", "1")] }))!;
    const half = { when: [when("a", first), when("b", first + 1)], put: [write("a", "2")], remove: ["b"] };
    assert.equal(await coordinator.transact(half), undefined);
    assert.deepEqual(await values(coordinator, ""), { a: "1", b: "1" });
    assert(await coordinator.transact({ ...half, when: [when("a", first), when("b", first)] }));
    assert.deepEqual(await values(coordinator, ""), { a: "2" });
  });

  it("let one of several commit that name the same revision", async () => {
    const { coordinator } = stage();
    const tries = ["1", "2", "3"].map((value) =>
      coordinator.transact({ when: [when("a", 0)], put: [write("a", value)] }),
    );
    const outcomes = await Promise.all(tries);
    assert.equal(outcomes.filter((revision) => revision !== undefined).length, 1, String(outcomes));
  });
}

function limits(stage: () => Stage): void {
  const many = (count: number) => Array.from({ length: count }, (_, i) => `k${i}`);
  const invalid = (error: unknown) => error instanceof ConfabError && error.code === "invalid_argument";

  it("is 128 conditions beside 128 writes, and no more of either", async () => {
    const { coordinator } = stage();
    const conditions = many(transactionOpsMax).map((key) => when(key, 0));
    const puts = many(transactionOpsMax).map((key) => write(key, ""));
    await assert.rejects(coordinator.transact({ when: [...conditions, when("x", 0)], put: puts }), invalid);
    await assert.rejects(coordinator.transact({ when: conditions, put: puts, remove: ["x"] }), invalid);
    assert.deepEqual(await coordinator.read(""), []);
    assert(await coordinator.transact({ when: conditions, put: puts }));
    assert.equal((await coordinator.read("")).length, 128);
  });

  it("is one write of a key", async () => {
    const { coordinator } = stage();
    await assert.rejects(coordinator.transact({ put: [write("a", "1"), write("a", "2")] }), invalid);
    await assert.rejects(coordinator.transact({ put: [write("a", "1")], remove: ["a"] }), invalid);
    assert.deepEqual(await coordinator.read(""), []);
  });
}

function reads(stage: () => Stage): void {
  it("find what begins with the prefix, in order of keys, and nothing else", async () => {
    const { coordinator } = stage();
    const keys = ["slots/0002", "slots/0001", "slot", "slots0", "members/a", "slots/0010"];
    for (const key of keys) await coordinator.transact({ put: [write(key, key)] });
    const found = await coordinator.read("slots/");
    assert.deepEqual(
      found.map(({ key }) => key),
      ["slots/0001", "slots/0002", "slots/0010"],
    );
    assert.equal((await coordinator.read("")).length, keys.length);
    assert.deepEqual(await coordinator.read("none/"), []);
  });
}

function watches(stage: () => Stage): void {
  it("begin with a snapshot, then tell every change in order and with its revision", async () => {
    const { coordinator } = stage();
    await coordinator.transact({ put: [write("a/1", "old"), write("b/1", "other")] });
    const recorder = new Recorder(coordinator, "a/");
    await eventually(() => assert.deepEqual(recorder.words, ["snapshot a/1=old"]));
    await coordinator.transact({ put: [write("a/2", "x"), write("b/2", "other")] });
    await coordinator.transact({ put: [write("a/1", "new")], remove: ["a/2"] });
    await coordinator.transact({ remove: ["a/1", "b/1"] });
    const expected = ["snapshot a/1=old", "put a/2=x", "put a/1=new", "removed a/2", "removed a/1"];
    await eventually(() => assert.deepEqual(recorder.words, expected));
    assert.deepEqual(recorder.revisions, [...recorder.revisions].sort(byNumber));
  });

  it("end up with what is read, whatever changed around their beginning", async () => {
    const { coordinator } = stage();
    await coordinator.transact({ put: [write("a/1", "0")] });
    const recorder = new Recorder(coordinator, "a/");
    for (let i = 0; i < 50; i++) {
      await coordinator.transact({
        put: [write(`a/${i % 7}`, String(i))],
        remove: [`a/${(i * 3 + 1) % 7}x`],
      });
      if (i % 5 === 0) await coordinator.transact({ remove: [`a/${(i + 2) % 7}`] });
    }
    const there = await coordinator.read("a/");
    await eventually(() => assert.deepEqual(recorder.entries(), there));
  });

  it("say nothing of transactions that did not commit or changed nothing", async () => {
    const { coordinator } = stage();
    const recorder = new Recorder(coordinator, "");
    await eventually(() => assert.deepEqual(recorder.words, ["snapshot"]));
    await coordinator.transact({ when: [when("a", 5)], put: [write("a", "1")] });
    await coordinator.transact({ remove: ["a"] });
    await coordinator.transact({ put: [write("b", "1")] });
    await eventually(() => assert.deepEqual(recorder.words, ["snapshot", "put b=1"]));
  });

  it("hear nothing once cancelled, twice too", async () => {
    const { coordinator } = stage();
    const recorder = new Recorder(coordinator, "");
    const other = new Recorder(coordinator, "");
    const unborn = new Recorder(coordinator, "");
    unborn.watch.cancel();
    for (const { words } of [recorder, other]) {
      await eventually(() => assert.deepEqual(words, ["snapshot"]));
    }
    await coordinator.transact({ put: [write("a", "1")] });
    for (const { words } of [recorder, other]) {
      await eventually(() => assert.deepEqual(words, ["snapshot", "put a=1"]));
    }
    const pending = coordinator.transact({ put: [write("a", "2")] });
    recorder.watch.cancel();
    recorder.watch.cancel();
    await pending;
    await eventually(() => assert.equal(other.words.at(-1), "put a=2"));
    assert.deepEqual([recorder.words, unborn.words], [["snapshot", "put a=1"], []]);
  });

  const eventually = (check: () => void) => until(stage(), check);
}

function leases(stage: () => Stage): void {
  it("take their keys along when they expire, and watchers hear it", async () => {
    const { coordinator } = stage();
    const lease = await coordinator.grantLease(ttlMs);
    await coordinator.transact({ put: [{ ...write("a", "1"), lease }, write("b", "1")] });
    const recorder = new Recorder(coordinator, "");
    await until(stage(), () => assert.deepEqual(recorder.words, ["snapshot a=1 b=1"]));
    await until(stage(), () => assert.deepEqual(recorder.words, ["snapshot a=1 b=1", "removed a"]));
    assert.deepEqual(await values(coordinator, ""), { b: "1" });
  });

  it("live on while they are kept alive, and no longer", async () => {
    const { coordinator, advance } = stage();
    const lease = await coordinator.grantLease(ttlMs);
    await coordinator.transact({ put: [{ ...write("a", "1"), lease }] });
    for (let passedMs = 0; passedMs < 2 * ttlMs; passedMs += ttlMs / 2) {
      await advance(ttlMs / 2);
      await lease.keepAlive();
    }
    assert.deepEqual(await values(coordinator, ""), { a: "1" });
    const recorder = new Recorder(coordinator, "");
    await until(stage(), () => assert.equal(recorder.words.at(-1), "removed a"));
  });

  it("hold a key only as long as it is theirs", async () => {
    const { coordinator } = stage();
    const [one, other] = [await coordinator.grantLease(ttlMs), await coordinator.grantLease(ttlMs)];
    await coordinator.transact({ put: ["a", "b", "c"].map((key) => ({ ...write(key, "1"), lease: one })) });
    await coordinator.transact({ put: [write("a", "2"), { ...write("b", "2"), lease: other }] });
    await one.revoke();
    assert.deepEqual(await values(coordinator, ""), { a: "2", b: "2" });
    await other.revoke();
    assert.deepEqual(await values(coordinator, ""), { a: "2" });
  });
}

function leaseLoss(stage: () => Stage): void {
  it("by revocation ends its keys at once, and is no error the second time", async () => {
    const { coordinator } = stage();
    const lease = await coordinator.grantLease(ttlMs);
    await coordinator.transact({ put: [{ ...write("a", "1"), lease }] });
    await lease.revoke();
    assert.deepEqual(await coordinator.read(""), []);
    await lease.revoke();
    await assert.rejects(lease.keepAlive(), LeaseLost);
  });

  it("by expiry is told to who keeps it alive or writes under it", async () => {
    const { coordinator } = stage();
    const lease = await coordinator.grantLease(ttlMs);
    const recorder = new Recorder(coordinator, "");
    await coordinator.transact({ put: [{ ...write("a", "1"), lease }] });
    await until(stage(), () => assert.equal(recorder.words.at(-1), "removed a"));
    await assert.rejects(lease.keepAlive(), LeaseLost);
    const other = await coordinator.grantLease(ttlMs);
    await coordinator.transact({ put: [{ ...write("b", "1"), lease: other }] });
    const late = { put: [write("b", "2"), { ...write("a", "2"), lease }] };
    await assert.rejects(coordinator.transact(late), LeaseLost);
    assert.deepEqual(await values(coordinator, ""), { b: "1" });
    await other.revoke();
    assert.deepEqual(await coordinator.read(""), [], "the other lease lost its key");
  });
}

const write = (key: string, value: string) => ({ key, value });
const when = (key: string, revision: number) => ({ key, revision });
const byNumber = (one: number, other: number) => one - other;

async function values(coordinator: Coordinator, prefix: string): Promise<Record<string, string>> {
  const entries: Entry[] = await coordinator.read(prefix);
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}

/** Lets time pass until the check holds, and tells why it does not if that takes longer than any lease. */
export async function until({ advance }: Pick<Stage, "advance">, check: () => void): Promise<void> {
  for (let passedMs = 0; passedMs < untilMsMax; passedMs += 20) {
    try {
      return check();
    } catch {
      await advance(20);
    }
  }
  check();
}
