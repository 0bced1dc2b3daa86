import assert from "node:assert/strict";
import { ManualClock } from "../clock/manual-clock.js";
import type { Coordinator, Watcher } from "../coordination/coordinator.js";
import { MemoryCoordinator } from "../coordination/memory-coordinator.js";
import { ownerEntry } from "./records.js";
import { RingView, ringReadyMsMax } from "./ring-view.js";

const record = (slot: number, epoch: number, memberId = "a") => {
  return { slot, memberId, incarnation: `${memberId}1`, address: `${memberId}:1`, epoch, cleanFrom: 1 };
};
const released = (slot: number, epoch: number) => {
  return { ...record(slot, epoch), memberId: "", incarnation: "", address: "" };
};

describe("RingView", () => {
  let clock: ManualClock;
  let coordinator: MemoryCoordinator;
  beforeEach(() => {
    clock = new ManualClock();
    coordinator = new MemoryCoordinator(clock);
  });

  it("is ready with the first snapshot and answers from it", async () => {
    await coordinator.transact({ put: [ownerEntry(record(7, 5))] });
    const view = new RingView(coordinator);
    assert.equal(view.ownerOf(7), undefined);
    clock.runTurn();
    await view.ready;
    assert.deepEqual(view.ownerOf(7), record(7, 5));
    assert.equal(view.ownerOf(8), undefined);
    view.close();
  });

  it("tells which slots changed, after they have", async () => {
    const { view, heard } = watched();
    await coordinator.transact({ put: [3, 1].map((slot) => ownerEntry(record(slot, 5))) });
    clock.runTurn();
    await coordinator.transact({ put: [ownerEntry(record(3, 5)), ownerEntry(record(2, 6, "b"))] });
    clock.runTurn();
    await coordinator.transact({ remove: ["slots/0001"], put: [ownerEntry(released(3, 7))] });
    clock.runTurn();
    assert.deepEqual(heard, [
      [
        [1, "a"],
        [3, "a"],
      ],
      [[2, "b"]],
      [
        [1, undefined],
        [3, undefined],
      ],
    ]);
    view.close();
  });

  it("follows the coordinator to lower epochs too, as after a restored backup", async () => {
    const { view } = watched();
    await coordinator.transact({ put: [ownerEntry(record(1, 9, "b"))] });
    await coordinator.transact({ put: [ownerEntry(record(1, 5, "a"))] });
    clock.runTurn();
    assert.deepEqual(view.ownerOf(1), record(1, 5, "a"));
    view.close();
  });

  it("replaces all that it knew when it is given another snapshot", () => {
    const watchers: Watcher[] = [];
    const interrupted: Pick<Coordinator, "watch"> = {
      watch: (_prefix, watcher) => {
        watchers.push(watcher);
        return { cancel() {} };
      },
    };
    const view = new RingView(interrupted);
    const heard: (readonly number[])[] = [];
    view.onChange((slots) => heard.push(slots));
    const entries = (...records: { slot: number }[]) =>
      records.map(({ slot }) => ({ ...ownerEntry(record(slot, 5)), revision: 1 }));
    watchers[0]!.snapshot(entries({ slot: 1 }, { slot: 2 }));
    watchers[0]!.snapshot(entries({ slot: 2 }, { slot: 3 }));
    assert.deepEqual(heard, [
      [1, 2],
      [1, 3],
    ]);
    assert.deepEqual(
      [1, 2, 3].map((slot) => view.ownerOf(slot)?.slot),
      [undefined, 2, 3],
    );
  });

  it("takes a senseless record for none", async () => {
    const { view, heard } = watched();
    const odd = ["slots/0001", "slots/9999", "slots/x"].map((key) => ({ key, value: "{}" }));
    await coordinator.transact({ put: odd });
    clock.runTurn();
    assert.deepEqual(heard, [[[1, undefined]]]);
    view.close();
  });

  it("is ready in time, or says that the coordinator is silent", async () => {
    const { view } = watched();
    await view.readyInTime(clock);
    view.close();
    const silent = new RingView({ watch: () => ({ cancel() {} }) });
    const late = assert.rejects(silent.readyInTime(clock), { code: "deadline_exceeded", message: /30 s/ });
    clock.advance(ringReadyMsMax);
    await late;
    silent.close();
  });

  it("hears nothing once closed or asked to stop, and was never ready if closed before", async () => {
    const { view, heard } = watched();
    const unready = new RingView(coordinator);
    unready.close();
    unready.close();
    await assert.rejects(unready.ready, { code: "unavailable" });
    const counted: number[] = [];
    const stop = view.onChange((slots) => counted.push(slots.length));
    stop();
    await coordinator.transact({ put: [ownerEntry(record(1, 5))] });
    clock.runTurn();
    view.close();
    await coordinator.transact({ put: [ownerEntry(record(1, 6))] });
    clock.runTurn();
    assert.deepEqual([heard, counted, view.ownerOf(1)?.epoch], [[[[1, "a"]]], [], 5]);
  });

  function watched() {
    const view = new RingView(coordinator);
    const heard: (readonly (readonly [number, string | undefined])[])[] = [];
    view.onChange((slots) => heard.push(slots.map((slot) => [slot, view.ownerOf(slot)?.memberId])));
    clock.runTurn();
    return { view, heard };
  }
});
