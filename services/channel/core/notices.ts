import type { MembershipChanged } from "../../../gen/confab/v1/types.js";
import type { Position, Seq } from "../../../lib/ids/ids.js";

/** Of so many conversations the last notice is known; what is forgotten may be written again. */
const noticesKeptMax = 1000;

/** What a user's own channel has said of memberships, as far as it is in memory. */
export class Notices {
  /** By conversation, in the order of their writing. */
  readonly #last = new Map<string, { readonly seq: Seq; readonly position: Position }>();

  /** Where the last notice of a conversation is, if that was of this event of it or a later one. */
  find(channelId: string, seq: Seq): Position | undefined {
    const last = this.#last.get(channelId);
    return last && last.seq >= seq ? last.position : undefined;
  }

  apply({ channelId, seq }: MembershipChanged, position: Position): void {
    this.#last.delete(channelId);
    this.#last.set(channelId, { seq, position });
    if (this.#last.size <= noticesKeptMax) return;
    for (const oldest of this.#last.keys()) return void this.#last.delete(oldest);
  }
}
