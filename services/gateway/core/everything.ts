import type { ChannelId, Seq } from "../../../lib/ids/ids.js";

/** What a gateway keeps of a session that follows all conversations of its user. */
export class Everything {
  /** Requests that wait for the list. */
  readonly requests: number[] = [];
  /** Number of the question for the list that has no answer yet; 0: none. */
  question = 0;
  /** When it was asked, in ms since the Unix epoch. */
  askedAt = 0;
  /**
   * The client is not new here: what it does not name it has never had, so that conversations begin with the
   * joining instead of now.
   */
  takesUp = false;
  /** Channels that the client does not want. */
  readonly leftOut = new Set<ChannelId>();
  /** Follows without an answer yet that a list or a notice began, not the client. */
  readonly begun = new Set<ChannelId>();
  /** Of channels that are followed: the latest joining that was told of meanwhile. */
  readonly #joined = new Map<ChannelId, Seq>();

  leaveOut(channel: ChannelId): void {
    this.leftOut.add(channel);
    this.begun.delete(channel);
    this.#joined.delete(channel);
  }

  noteJoined(channel: ChannelId, seq: Seq): void {
    this.#joined.set(channel, Math.max(seq, this.#joined.get(channel) ?? 0));
  }

  takeJoined(channel: ChannelId): Seq | undefined {
    const seq = this.#joined.get(channel);
    this.#joined.delete(channel);
    return seq;
  }
}
