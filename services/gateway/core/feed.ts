import type { ChannelId, EventId, Position, Seq } from "../../../lib/ids/ids.js";
import { FeedRing } from "./feed-ring.js";
import type { Numbered } from "./numbers.js";
import type { Format } from "./session.js";

/** Most events kept that arrived above a gap; what does not fit is fetched again. */
const heldEventsMax = 1024;

/** A durable event as it came from the owner. */
export interface FeedEvent extends Position {
  /** Encoding of a `ServerFrame` that holds this event only. */
  readonly frame: Uint8Array;
  /** It changes who is a member. */
  readonly membership: boolean;
  /** The message whose texts it deletes; 0 if none. */
  readonly deletes: EventId;
  /** Of its fan-out, where it is sampled and comes from there. */
  readonly traceparent?: string | undefined;
  /** Of whoever sent the command behind it, where that is sampled and known. */
  readonly creationTraceparent?: string | undefined;
}

/** A range of events, without `after`, with `to`. */
export interface Range {
  readonly after: Seq;
  readonly to: Seq;
}

/**
 * A channel as this gateway has it: everything up to `position` was delivered here in order. The next event
 * is taken, an older one dropped, a later one held until what lies between has been fetched. There are many
 * that are quiet: whatever those do without is made only when needed. A quiet one takes about 250 bytes of
 * the heap, its id and its places in maps included, and 48 in the table of follows.
 */
export class Feed implements Numbered {
  /** Its number in the table of follows; -1 while it has none. */
  number = -1;
  /** Where the channel's owner is attached; undefined while it is not. */
  address: string | undefined;
  /** What the owner calls it there; 0 while it is not attached. */
  alias = 0;
  /** Undefined until first attached. */
  position: Position | undefined;
  /** Names of the topics that its live followers have joined, by their format. */
  topics: { [Name in Format]?: string } | undefined;
  /** The gap that is being fetched, and since when (ms since the Unix epoch). */
  fetching: { readonly range: Range; readonly since: number } | undefined;
  /** When to try to attach again, in ms since the Unix epoch. */
  retryAt = 0;
  tries = 0;
  /** When the last follower left, in ms since the Unix epoch. */
  idleSince: number | undefined;
  #ring: FeedRing | undefined;
  /** What arrived above a gap. */
  #held: Map<Seq, FeedEvent> | undefined;
  #newest: Seq = 0;

  constructor(readonly id: ChannelId) {}

  /** The owner has attached the channel, whose newest event this is. */
  attached(newest: Position): void {
    this.tries = 0;
    this.fetching = undefined;
    this.position ??= newest;
    this.heardOf(newest.seq);
  }

  detached(retryAt: number): void {
    this.fetching = undefined;
    this.retryAt = retryAt;
    this.#held = undefined;
  }

  /** An event of this number exists. */
  heardOf(seq: Seq): void {
    this.#newest = Math.max(this.#newest, seq);
  }

  /** Takes an event in; returns those that are now in order behind the position, each once. */
  *accept(event: FeedEvent): Generator<FeedEvent> {
    if (!this.position || event.seq <= this.position.seq) return;
    this.heardOf(event.seq);
    if (event.seq > this.position.seq + 1) {
      this.#held ??= new Map();
      if (this.#held.size < heldEventsMax) this.#held.set(event.seq, event);
      return;
    }
    for (let next: FeedEvent | undefined = event; next; next = this.#held?.get(this.position.seq + 1)) {
      this.#held?.delete(next.seq);
      this.position = { seq: next.seq, id: next.id };
      this.#ring ??= new FeedRing();
      this.#ring.add(next);
      if (next.deletes > 0) this.#ring.erase(this.id, next.deletes);
      yield next;
    }
    if (this.#held?.size === 0) this.#held = undefined;
  }

  /** Every event above `after` up to the position, or undefined if they are not all kept. */
  above(after: Seq): FeedEvent[] | undefined {
    return this.#ring?.above(after);
  }

  /** What is missing before the next event that is here or known of. */
  gap(): Range | undefined {
    if (!this.position || this.#newest <= this.position.seq) return undefined;
    let to = this.#newest;
    for (const seq of this.#held?.keys() ?? []) if (seq > this.position.seq) to = Math.min(to, seq - 1);
    return { after: this.position.seq, to };
  }
}
