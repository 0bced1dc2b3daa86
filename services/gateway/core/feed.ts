import type { ChannelId, Position, Seq } from "../../../lib/ids/ids.js";
import { Audience, type Publish } from "./audience.js";
import { FeedRing } from "./feed-ring.js";
import type { Follow } from "./follow.js";

/** Most events kept that arrived above a gap; what does not fit is fetched again. */
const heldEventsMax = 1024;

/** A durable event as it came from the owner. */
export interface FeedEvent extends Position {
  /** Encoding of a `ServerFrame` that holds this event only. */
  readonly frame: Uint8Array;
  /** It changes who is a member. */
  readonly membership: boolean;
}

/** A range of events, without `after`, with `to`. */
export interface Range {
  readonly after: Seq;
  readonly to: Seq;
}

/**
 * A channel as this gateway has it: everything up to `position` was delivered here in order. The next event
 * is taken, an older one dropped, a later one held until what lies between has been fetched.
 */
export class Feed {
  /** Where the channel's owner is attached; undefined while it is not. */
  address: string | undefined;
  /** Undefined until first attached. */
  position: Position | undefined;
  readonly ring = new FeedRing();
  /** All who follow, whatever their state. */
  readonly follows = new Set<Follow>();
  /** Those of whom it is being asked whether they may. */
  readonly asking = new Set<Follow>();
  /** Those who are catching up. */
  readonly behind = new Set<Follow>();
  readonly audience: Audience;
  /** The gap that is being fetched, and since when (ms since the Unix epoch). */
  fetching: { readonly range: Range; readonly since: number } | undefined;
  /** When to try to attach again, in ms since the Unix epoch. */
  retryAt = 0;
  tries = 0;
  /** When the last follower left, in ms since the Unix epoch. */
  idleSince: number | undefined;
  readonly #held = new Map<Seq, FeedEvent>();
  #newest: Seq = 0;

  constructor(
    readonly id: ChannelId,
    publish: Publish,
  ) {
    this.audience = new Audience(id, publish);
  }

  /** The owner has attached the channel, whose newest event this is. */
  attached(address: string, newest: Position): void {
    this.address = address;
    this.tries = 0;
    this.fetching = undefined;
    this.position ??= newest;
    this.heardOf(newest.seq);
  }

  detached(retryAt: number): void {
    this.address = undefined;
    this.fetching = undefined;
    this.retryAt = retryAt;
    this.#held.clear();
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
      if (this.#held.size < heldEventsMax) this.#held.set(event.seq, event);
      return;
    }
    for (let next: FeedEvent | undefined = event; next; next = this.#held.get(this.position.seq + 1)) {
      this.#held.delete(next.seq);
      this.position = { seq: next.seq, id: next.id };
      this.ring.add(next);
      yield next;
    }
  }

  /** What is missing before the next event that is here or known of. */
  gap(): Range | undefined {
    if (!this.position || this.#newest <= this.position.seq) return undefined;
    let to = this.#newest;
    for (const seq of this.#held.keys()) if (seq > this.position.seq) to = Math.min(to, seq - 1);
    return { after: this.position.seq, to };
  }
}
