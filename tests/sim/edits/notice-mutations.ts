import type { Edit } from "./edit.js";

const all = "services/gateway/core/all-conversations.ts";
const channel = "services/channel/core/channel.ts";
const clientFrames = "services/gateway/core/client-frames.ts";
const gateway = "services/gateway/core/gateway.ts";
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
  "notice-not-retried": [{ file: teller, find: "if (stored)", replace: "if (true)" }],
  "notice-before-projection": [
    {
      file: teller,
      find: "this.projector.whenProjected(change.seq, () => this.#tell(change));",
      replace: "this.#tell(change);",
    },
  ],
  "list-before-attach": [
    { file: clientFrames, find: "this.all.begin(session, requestId, subscribe, now);", replace: "{}" },
    {
      file: clientFrames,
      find: "this.follows.add(new Follow(session, feed, requestId, position), now);",
      replace: `this.follows.add(new Follow(session, feed, requestId, position), now);
            if (all && channelId === session.identity.userId)
              this.all.begin(session, requestId, subscribe, now);`,
    },
    { file: all, find: 'if (own && own.state !== "asking")', replace: "if (own)" },
    { file: all, find: "if (isOwn && everything.requests.length > 0)", replace: "if (false)" },
    {
      file: gateway,
      find: "this.#fromOwner(feed, address, () => this.#all.listed(item.value, now));",
      replace: "this.#all.listed(item.value, now);",
    },
  ],
};
