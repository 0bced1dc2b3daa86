import { GapReason } from "../../../gen/json/confab/v1/realtime.js";
import type { Event, Position } from "../../../gen/json/confab/v1/types.js";
import { heldEventsMax } from "../limits.js";

/** Events that nobody can have any more. */
export interface LostRange {
  readonly fromSeq: number;
  readonly toSeq: number;
}

/** What a feed works with. */
export interface FeedOutside {
  /** Delivery begins behind this position: told once, before any event. */
  began(position: Position): void;
  /** Takes the next event: each once, in the order of `seq`. */
  accept(event: Event): void;
  /** Fetches what comes after a `seq` and hands it to `page`, as often as it takes. */
  fetch(afterSeq: number): void;
  /** Tells that these events will never come. */
  lost(range: LostRange): void;
}

/**
 * Puts together one channel's events for one subscription, from whatever connections and pages they come:
 * nothing twice, nothing out of order, and what is missing is fetched before anything newer is passed on.
 */
export class Feed {
  #position: Position | undefined;
  /** The highest `seq` that is known to exist. */
  #known = 0;
  #begun = false;
  #held = new Map<number, Event>();
  #fetching = false;
  #paused = false;

  /** @param position the last event that the application has; undefined: only what comes from now on */
  constructor(
    readonly channelId: string,
    private readonly outside: FeedOutside,
    position?: Position,
  ) {
    this.#position = position;
    this.#known = position?.seq ?? 0;
  }

  /** The last event that was passed on; undefined before it is known where to begin. */
  get position(): Position | undefined {
    return this.#position;
  }

  /** Delivery begins, or goes on, behind this position. */
  subscribed(position: Position): void {
    this.#position ??= position;
    if (!this.#begun) this.outside.began(this.#position);
    this.#begun = true;
    this.#heardOf(position.seq);
  }

  /** An event came in, whichever way. */
  event(event: Event): void {
    if (!this.#position || event.seq <= this.#position.seq) return;
    if (!this.#paused && event.seq === this.#position.seq + 1) this.#accept(event);
    else if (!this.#paused && this.#held.size < heldEventsMax) this.#held.set(event.seq, event);
    this.#heardOf(event.seq);
  }

  /** The server names events that will not come by themselves. */
  gap(gap: LostRange & { readonly reason: GapReason }): void {
    const isGone =
      gap.reason === GapReason.GAP_REASON_EXPIRED || gap.reason === GapReason.GAP_REASON_NOT_A_MEMBER;
    if (isGone && this.#position && gap.fromSeq <= this.#position.seq + 1) this.#skipTo(gap.toSeq);
    this.#heardOf(gap.toSeq);
  }

  /** What `fetch` asked for, in the order of `seq`. */
  page(events: readonly Event[]): void {
    this.#fetching = false;
    for (const event of events) {
      if (this.#paused || !this.#position) break;
      if (event.seq <= this.#position.seq) continue;
      // A page has no gaps, so what it leaves out at its beginning is past retention.
      this.#skipTo(event.seq - 1);
      this.#accept(event);
    }
    this.#heardOf(0);
  }

  /** The application is behind: nothing more is passed on, nor kept. */
  pause(): void {
    this.#paused = true;
    this.#held.clear();
  }

  /** Goes on after `pause`; what came meanwhile is fetched. */
  resume(): void {
    this.#paused = false;
    this.#heardOf(0);
  }

  #heardOf(seq: number): void {
    this.#known = Math.max(this.#known, seq);
    if (!this.#position || this.#paused) return;
    this.#drain();
    if (this.#fetching || this.#paused || this.#known <= this.#position.seq) return;
    this.#fetching = true;
    this.outside.fetch(this.#position.seq);
  }

  #drain(): void {
    for (let next = this.#next(); next && !this.#paused; next = this.#next()) this.#accept(next);
    for (const seq of this.#held.keys()) if (seq <= this.#position!.seq) this.#held.delete(seq);
  }

  #next(): Event | undefined {
    return this.#held.get(this.#position!.seq + 1);
  }

  #accept(event: Event): void {
    this.#held.delete(event.seq);
    this.#position = { seq: event.seq, id: event.id };
    this.outside.accept(event);
  }

  #skipTo(seq: number): void {
    const { seq: before, id } = this.#position!;
    if (seq <= before) return;
    this.#position = { seq, id };
    this.outside.lost({ fromSeq: before + 1, toSeq: seq });
  }
}
