import type { Refusal } from "../../../gen/confab/mesh/v1/write.js";
import type { ChannelId } from "../../../lib/ids/ids.js";
import type { ReadOutcome } from "./answers.js";

type Reply = (outcome: ReadOutcome) => void;

/** Reads under way, so that none stays without an answer when its channel goes to another owner. */
export class OpenReads {
  readonly #open = new Map<ChannelId, Set<Reply>>();

  /** Takes a read in; the result answers it, once: what comes later is dropped. */
  begin(channel: ChannelId, reply: Reply): Reply {
    const replies = this.#open.get(channel) ?? new Set<Reply>();
    this.#open.set(channel, replies.add(reply));
    return (outcome) => {
      if (!replies.delete(reply)) return;
      if (replies.size === 0 && this.#open.get(channel) === replies) this.#open.delete(channel);
      reply(outcome);
    };
  }

  /** Refuses all reads of the channel. */
  refuse(channel: ChannelId, refusal: Refusal): void {
    const replies = [...(this.#open.get(channel) ?? [])];
    this.#open.get(channel)?.clear();
    this.#open.delete(channel);
    for (const reply of replies) reply({ refusal });
  }
}
