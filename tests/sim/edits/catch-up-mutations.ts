import type { Edit } from "./edit.js";

const catchUp = "services/gateway/core/catch-up.ts";
const feed = "services/gateway/core/feed.ts";
const follows = "services/gateway/core/follows.ts";
const gateway = "services/gateway/core/gateway.ts";

/** Bugs in how clients get what they missed, and in what order. */
export const catchUpMutations: Readonly<Record<string, readonly Edit[]>> = {
  "no-catch-up": [
    {
      file: catchUp,
      find: "if (from.seq === target.seq)",
      replace: "approach.position = target;\n    if (true)",
    },
  ],
  "live-before-caught-up": [
    {
      file: follows,
      find: "this.#table.move(follow, standings.catchingUp);",
      replace: "this.#audience.add(follow);",
    },
  ],
  "gaps-not-fetched": [{ file: feed, find: "gap() {", replace: "gap() {\n        return undefined;" }],
  "gap-not-told": [{ file: catchUp, find: "session.tell({", replace: "void ({" }],
  "typing-overtakes": [
    { file: gateway, find: "feed.position && feed.position.seq >= afterSeq", replace: "feed.position" },
  ],
};
