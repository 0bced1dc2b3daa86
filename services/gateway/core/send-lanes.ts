import type { ConversationId } from "../../../lib/ids/ids.js";

/** Does some things of one channel; calls `next` when they are done, in a later turn. */
type Perform<Item> = (channel: ConversationId, items: readonly Item[], next: () => void) => void;

/**
 * Things to do, of each channel in their order: what comes while others of its channel are being done waits
 * for them, and goes with what gathered meanwhile.
 */
export class SendLanes<Item> {
  /** What waits, of the channels of which something is being done. */
  readonly #waiting = new Map<ConversationId, Item[]>();

  /** @param atOnceMax most things of one channel that are done together */
  constructor(
    private readonly perform: Perform<Item>,
    private readonly atOnceMax: number,
  ) {}

  add(channel: ConversationId, item: Item): void {
    const waiting = this.#waiting.get(channel);
    if (waiting) return void waiting.push(item);
    this.#waiting.set(channel, []);
    this.#perform(channel, [item]);
  }

  #perform(channel: ConversationId, items: readonly Item[]): void {
    this.perform(channel, items, () => {
      const gathered = this.#waiting.get(channel)?.splice(0, this.atOnceMax) ?? [];
      if (gathered.length > 0) this.#perform(channel, gathered);
      else this.#waiting.delete(channel);
    });
  }
}
