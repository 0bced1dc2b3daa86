import type { Edit } from "./edit.js";

const appender = "services/channel/core/appender.ts";
const keyLookup = "services/channel/core/key-lookup.ts";
const frozenSlots = "services/channel/core/frozen-slots.ts";
const planner = "services/charm/core/planner.ts";
const reader = "services/channel/core/reader.ts";
const releases = "services/channel/releases.ts";

/** Bugs in how a channel goes from one owner to the next. */
export const ownershipMutations: Readonly<Record<string, readonly Edit[]>> = {
  "no-confirm": [
    {
      file: appender,
      find: "this.barrier.wait((now) => {",
      replace: "this.outside.later(0, (now) => {",
    },
  ],
  "reads-without-confirm": [
    {
      file: reader,
      find: "this.barrier.wait(() => {",
      replace: "Promise.resolve().then(() => {",
    },
  ],
  "no-fence": [
    {
      file: planner,
      find: 'alive.has(record.incarnation) ? "owned" : "dead"',
      replace: 'alive.has(record.incarnation) ? "owned" : "free"',
    },
  ],
  "release-with-a-write-in-flight": [
    {
      file: frozenSlots,
      find: "frozen.filter(({ writeUnderWay }) => writeUnderWay !== undefined)",
      replace: "[]",
    },
  ],
  "epoch-not-new": [
    { file: releases, find: "epoch = nextEpoch(epoch, nowMs);", replace: "epoch = record.epoch;" },
  ],
  "no-key-look-up": [
    {
      file: keyLookup,
      find: "return !dedupe.find(command.author, clientMsgId) && !this.#isFirstAttempt(command);",
      replace: "return false;",
    },
  ],
};
