import type { Ledger, Post } from "../posting/ledger.js";
import { type Settling, settle } from "../posting/settle.js";

const postsPerCallMax = 8;

interface CallerOptions extends Settling {
  readonly name: string;
  readonly channels: readonly string[];
  readonly ledger: Ledger;
}

/**
 * Makes one call after the other, now with one message and now with several, each until it is acknowledged.
 */
export class Caller {
  #number = 0;

  constructor(private readonly options: CallerOptions) {}

  /** Posts until the signal aborts; then what is open is still brought to its end. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) await settle(this.#next(), this.options);
  }

  #next(): Post[] {
    const { name, channels, ledger, random } = this.options;
    const channelId = channels[Math.floor(random() * channels.length)] ?? "";
    return Array.from({ length: 1 + Math.floor(random() * postsPerCallMax) }, () => {
      const number = ++this.#number;
      const clientMsgId = `${name}-${number}`;
      const post = { channelId, caller: name, number, clientMsgId, text: `post ${clientMsgId}` };
      ledger.add(post);
      return post;
    });
  }
}
