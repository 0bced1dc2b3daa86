import type { Memberships } from "../../../gen/confab/mesh/v1/attach.js";
import type { UserId } from "../../../lib/ids/ids.js";
import { subscriptionsMax } from "../../../lib/limits/limits.js";
import type { StoreWork } from "./store-work.js";

/** What a gateway is told of a user's conversations. */
type MembershipList = Pick<Memberships, "conversations" | "more">;

/** Reads which conversations a user has. A read begins after its question, and none serves two questions. */
export class MembershipLists {
  constructor(private readonly store: Pick<StoreWork, "readUserChannels">) {}

  /** Those joined last come first; undefined when the store does not answer. */
  read(user: UserId, done: (list: MembershipList | undefined) => void): void {
    this.store.readUserChannels(user, (outcome) => {
      if ("failure" in outcome) return done(undefined);
      const rows = outcome.value.filter(({ member }) => member).sort((a, b) => b.id - a.id);
      const conversations = rows
        .slice(0, subscriptionsMax)
        .map(({ channel, seq }) => ({ channelId: channel, joinedSeq: seq }));
      done({ conversations, more: rows.length > subscriptionsMax });
    });
  }
}
