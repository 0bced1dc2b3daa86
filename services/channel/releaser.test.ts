import assert from "node:assert/strict";
import type { OwnerRecord } from "../../gen/confab/mesh/v1/ring.js";
import { ManualClock } from "../../lib/clock/manual-clock.js";
import type { Coordinator, Transaction } from "../../lib/coordination/coordinator.js";
import { MemoryCoordinator } from "../../lib/coordination/memory-coordinator.js";
import { ConfabError } from "../../lib/errors/errors.js";
import { epochKey, movePrefix, slotPrefix } from "../../lib/ring/keys.js";
import { memberEntry, ownerEntry, parseOwner } from "../../lib/ring/records.js";
import { RingView } from "../../lib/ring/ring-view.js";
import { moveEntry } from "../../lib/ring/wishes.js";
import { Releaser } from "./releaser.js";

const log = { debug() {}, info() {}, warn() {}, error() {} };
const [incarnation, target] = ["a/1", { memberId: "b", incarnation: "b/1", address: "b:1", weight: 1 }];
/** Above what the clock would give. */
const lastEpoch = 2e12;

describe("a releaser", () => {
  let clock: ManualClock;
  let coordinator: MemoryCoordinator;
  let ring: RingView;
  let releaser: Releaser;
  /** What the life was asked, and slots that it does not bring to rest. */
  let calls: string[];
  let restless: Set<number>;
  /** What happens to the next transactions, instead of the usual. */
  let transactions: ((transact: () => Promise<number | undefined>) => Promise<number | undefined>)[];
  let moved: OwnerRecord[];

  beforeEach(async () => {
    clock = new ManualClock();
    coordinator = new MemoryCoordinator(clock);
    [calls, restless, transactions, moved] = [[], new Set(), [], []];
    await put(...[1, 2, 3].map((slot) => ownerEntry(recordOf(slot))), memberEntry(target));
    await put({ key: epochKey, value: String(lastEpoch) });
    const troubled: Pick<Coordinator, "read" | "watch" | "transact"> = {
      read: (prefix) => coordinator.read(prefix),
      watch: (prefix, watcher) => coordinator.watch(prefix, watcher),
      transact: (transaction) => {
        const usual = () => coordinator.transact(transaction);
        return transactions.shift()?.(usual) ?? usual();
      },
    };
    ring = new RingView(coordinator);
    const life = {
      freeze: async (slots: readonly number[]) => {
        calls.push(`freeze ${slots}`);
        return slots.filter((slot) => !restless.has(slot));
      },
      thaw: (slots: readonly number[]) => void calls.push(`thaw ${slots}`),
      slotsChanged: (changes: ReadonlyMap<number, OwnerRecord | undefined>) => {
        calls.push(`changed ${[...changes.keys()]}`);
        for (const record of changes.values()) if (record) moved.push(record);
      },
    };
    const parts = { clock, random: () => 0.5, ring, log, incarnation, life };
    releaser = new Releaser({ ...parts, coordinator: troubled });
    await clock.pass(0);
  });
  afterEach(() => {
    releaser.close();
    ring.close();
  });

  const recordOf = (slot: number) => {
    return { slot, memberId: "a", incarnation, address: "a:1", epoch: 10 + slot, cleanFrom: 5 };
  };
  const put = (...entries: NonNullable<Transaction["put"]>) => coordinator.transact({ put: entries });
  const ask = async (slots: number[], changes = {}) => {
    const to = { toMemberId: "b", toIncarnation: "b/1", toAddress: "b:1" };
    const moves = slots.map((slot) => moveEntry({ slot, fromIncarnation: incarnation, ...to, ...changes }));
    await put(...moves);
    await clock.pass(0);
  };
  const owners = async () => (await coordinator.read(slotPrefix)).map((entry) => parseOwner(entry)!.memberId);
  const movesLeft = async () => (await coordinator.read(movePrefix)).length;

  it("gives slots away in one transaction, as clean as they were, with epochs of their own", async () => {
    await ask([1, 2]);
    assert.deepEqual(calls, ["freeze 1,2", "changed 1,2", "thaw 1,2"]);
    const records = (await coordinator.read(slotPrefix)).map((entry) => parseOwner(entry)!);
    const terms = records.map(({ memberId, epoch, cleanFrom }) => [memberId, epoch, cleanFrom]);
    assert.deepEqual(terms, [
      ["b", lastEpoch + 1, 5],
      ["b", lastEpoch + 2, 5],
      ["a", 13, 5],
    ]);
    assert.deepEqual(moved, records.slice(0, 2));
    const [counter] = await coordinator.read(epochKey);
    assert.deepEqual([counter?.value, await movesLeft()], [String(lastEpoch + 2), 0]);
  });

  it("leaves moves of others alone, and those to a member that is gone or leaves", async () => {
    await ask([1], { fromIncarnation: "a/0" });
    await ask([2], { toIncarnation: "b/0" });
    await put(memberEntry({ ...target, leaving: true }));
    await ask([3]);
    assert.deepEqual([calls, await owners()], [[], ["a", "a", "a"]]);
  });

  for (const [what, change] of [
    ["its record", () => put(ownerEntry(recordOf(1)))],
    ["the counter", () => put({ key: epochKey, value: String(lastEpoch + 7) })],
    ["the target", () => put(memberEntry({ ...target, leaving: true }))],
    ["the move", () => coordinator.transact({ remove: [`${movePrefix}0001`] })],
  ] as const) {
    it(`gives nothing away when ${what} changes meanwhile, and goes on`, async () => {
      transactions.push(async (usual) => {
        await change();
        return usual();
      });
      await ask([1]);
      assert.deepEqual(
        [calls, await owners()],
        [
          ["freeze 1", "thaw 1"],
          ["a", "a", "a"],
        ],
      );
    });
  }

  it("goes on with slots that do not come to rest, and tries them again later and later", async () => {
    restless.add(1);
    await ask([1, 2]);
    assert.deepEqual(await owners(), ["a", "b", "a"]);
    await clock.pass(10_000);
    const tries = calls.filter((call) => call === "freeze 1").length;
    assert.ok(tries > 4 && tries < 15, `${tries} tries`);
    restless.clear();
    await clock.pass(2000);
    assert.deepEqual([await owners(), await movesLeft()], [["b", "b", "a"], 0]);
  });

  const unknown = () => Promise.reject(new ConfabError("unavailable"));

  it("finds out that a release without an answer has committed", async () => {
    transactions.push((usual) => usual().then(unknown));
    await ask([1]);
    assert.deepEqual([calls, moved[0]?.memberId], [["freeze 1", "changed 1", "thaw 1"], "b"]);
  });

  it("lets a slot wait until a release without an answer cannot commit any more", async () => {
    let commitLate = () => Promise.resolve<number | undefined>(0);
    transactions.push(
      (usual) => {
        commitLate = usual;
        return unknown();
      },
      unknown,
      unknown,
    );
    await ask([1]);
    assert.deepEqual(calls, ["freeze 1"], "frozen while nobody answers");
    await clock.pass(200);
    assert.deepEqual(calls.slice(0, 2), ["freeze 1", "thaw 1"]);
    assert.equal(await commitLate(), undefined);
  });

  it("does not wait for an answer for longer than 25 ms before it finds out", async () => {
    transactions.push(() => new Promise(() => {}));
    await ask([1]);
    await clock.pass(24);
    assert.deepEqual(calls, ["freeze 1"]);
    await clock.pass(1);
    assert.deepEqual(calls, ["freeze 1", "thaw 1"]);
  });

  it("serves nothing of what is not known any more once it is closed", async () => {
    transactions.push(...new Array(20).fill(unknown));
    await ask([1]);
    releaser.close();
    await clock.pass(10_000);
    assert.deepEqual(calls, ["freeze 1"]);
  });
});
