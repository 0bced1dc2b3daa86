import type { Edit } from "./edit.js";

const appender = "services/channel/core/appender.ts";
const keyLookup = "services/channel/core/key-lookup.ts";
const planner = "services/charm/core/planner.ts";
const reader = "services/channel/core/reader.ts";

/** Bugs in how a channel goes from one owner to the next. */
export const ownershipMutations: Readonly<Record<string, readonly Edit[]>> = {
  "no-confirm": [
    {
      file: appender,
      find: "this.barrier.wait((now) => this.#finish(",
      replace: "this.outside.later(0, (now) => this.#finish(",
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
  "no-key-look-up": [
    {
      file: keyLookup,
      find: "return !dedupe.find(command.author, clientMsgId) && !this.#isFirstAttempt(command);",
      replace: "return false;",
    },
  ],
};
