import assert from "node:assert/strict";
import type { UserId } from "../../../lib/ids/ids.js";
import type { Owners } from "../../../lib/owners/owners.js";
import { MemoryStore } from "../../../lib/store/memory/memory-store.js";
import { World } from "../world.js";
import type { Api } from "./api.js";
import { Eraser } from "./eraser.js";
import { Recorder } from "./recorder.js";

const user = "U00000000000A" as UserId;
const untilMs = 60_000;

/** Somebody who posts and deletes, before owners that note which posts were marked. */
function stageOf(seed: number) {
  const world = new World(seed);
  const recorder = new Recorder(world, false);
  const marks = new Map<string, boolean[]>();
  const command: Owners["command"] = async (_channel, _author, actions, { firstAttempt }) =>
    actions.map((action) => {
      const key = action.$case === "post" ? action.value.clientMsgId : action.$case;
      marks.set(key, [...(marks.get(key) ?? []), firstAttempt]);
      const place = [...marks.keys()].indexOf(key) + 1;
      return { seq: place, id: place };
    });
  const owners = { command, ask: async () => ({}) } as unknown as Owners;
  const ask: Api["ask"] = (deadlineMs, act) =>
    new Promise((resolve) => {
      world.scheduler.schedule(1, "api call", () => resolve(act(owners, deadlineMs, world.clock)));
    });
  const eraser = new Eraser({ world, recorder, api: { ask } as Api, faultsGoOn: false }, user);
  return { world, recorder, marks, eraser };
}

describe("somebody who deletes what they posted", () => {
  it("marks each post once, and no retry of it", async () => {
    const { world, recorder, marks, eraser } = stageOf(1);
    const course = eraser.run(untilMs).then(() => eraser.audit(new MemoryStore()));
    await world.scheduler.runUntil(2 * untilMs);
    await course;
    const tries = [...marks].filter(([key]) => key.startsWith("secret.")).map(([, each]) => each);
    assert.ok(tries.length > 10);
    assert.ok(tries.every((each) => each.length > 1));
    for (const each of tries) assert.deepEqual(each, [true, ...each.slice(1).fill(false)]);
    assert.deepEqual(recorder.complaints, []);
  });
});
