import type { Edit } from "./edit.js";

const channel = "services/channel/core/channel.ts";
const keyLookup = "services/channel/core/key-lookup.ts";
const owner = "services/channel/core/owner.ts";

/** Bugs in how an owner takes channels out of memory. */
export const evictionMutations: Readonly<Record<string, readonly Edit[]>> = {
  "eviction-drops-attachments": [
    {
      file: owner,
      find: "this.outside.meter?.evicted(channel.id);",
      replace: "this.#fanOut.attachments.takeSlot(slot, () => {});",
    },
  ],
  "busy-channels-evicted": [
    {
      file: channel,
      find: "return this.#isAtRest && this.#writer.isRested(now) && this.#typing.isIdle(now);",
      replace: "return this.#state !== undefined;",
    },
  ],
  "first-attempts-believed-after-eviction": [
    { file: keyLookup, find: "sentAfter > this.forgottenUntil ?", replace: "true ?" },
  ],
};
