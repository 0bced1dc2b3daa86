import type { Edit } from "./edit.js";

const channel = "services/channel/core/channel.ts";
const lists = "services/channel/core/membership-lists.ts";
const teller = "services/channel/core/teller.ts";

/** Bugs in how users who follow everything learn of conversations. */
export const noticeMutations: Readonly<Record<string, readonly Edit[]>> = {
  "no-notice-after-fail-over": [
    {
      file: channel,
      find: "this.#teller.add(state.membership.changesAfter(state.toldBefore));",
      replace: "",
    },
  ],
  "notice-before-projection": [
    {
      file: teller,
      find: "this.projector.whenProjected(change.seq, () => this.#tell(change));",
      replace: "this.#tell(change);",
    },
  ],
  "list-read-before-question": [
    {
      file: lists,
      find: "this.store.readUserChannels(user, (outcome) => {",
      replace: `const kept = (this.kept ??= new Map());
        const read = (call) => {
          if (kept.has(user)) return Promise.resolve().then(() => call(kept.get(user)));
          this.store.readUserChannels(user, (found) => {
            kept.set(user, found);
            call(found);
          });
        };
        read((outcome) => {`,
    },
  ],
};
