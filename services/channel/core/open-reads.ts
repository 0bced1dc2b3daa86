import type { ChannelId } from "../../../lib/ids/ids.js";

/** Reads under way, so that none stays without an answer when its channel goes to another owner. */
export class OpenReads<Outcome> {
  readonly #open = new Map<ChannelId, Set<(outcome: Outcome) => void>>();

  /** Takes a read in; the result answers it, once: what comes later is dropped. */
  begin(channel: ChannelId, reply: (outcome: Outcome) => void): (outcome: Outcome) => void {
    const replies = this.#open.get(channel) ?? new Set();
    this.#open.set(channel, replies.add(reply));
    return (outcome) => {
      if (!replies.delete(reply)) return;
      if (replies.size === 0 && this.#open.get(channel) === replies) this.#open.delete(channel);
      reply(outcome);
    };
  }

  /** Answers all reads of the channel with a refusal. */
  refuse(channel: ChannelId, refusal: Outcome): void {
    const replies = [...(this.#open.get(channel) ?? [])];
    this.#open.get(channel)?.clear();
    this.#open.delete(channel);
    for (const reply of replies) reply(refusal);
  }
}
