import type { Edit } from "./edit.js";

const owner = "services/channel/core/owner.ts";

/**
 * Bugs in how an owner takes channels out of memory. That it believes first attempts which it must look up,
 * or evicts a channel at work, takes coincidences too rare for these runs; unit tests watch those.
 */
export const evictionMutations: Readonly<Record<string, readonly Edit[]>> = {
  "eviction-drops-attachments": [
    {
      file: owner,
      find: "this.outside.meter?.evicted(channel.id);",
      replace: "this.#fanOut.attachments.takeSlot(slot, () => {});",
    },
  ],
};
