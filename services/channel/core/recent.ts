import type { Event } from "../../../gen/confab/v1/types.js";
import { messageOf, withoutText } from "../../../lib/events/erased.js";
import type { EventId, Seq } from "../../../lib/ids/ids.js";
import type { CommandTrace } from "./tracer.js";

/** Most events of one channel kept in memory, and their bytes. */
const recentEventsMax = 512;
const recentBytesMax = 512 * 1024;

/** An event as gateways get it. */
export interface RecentEvent {
  readonly seq: Seq;
  readonly id: EventId;
  readonly event: Event;
  /** Encoding of a `ServerFrame` that holds the event. */
  readonly frame: Uint8Array;
  /** Of the sampled command that it came of. */
  readonly trace?: CommandTrace | undefined;
}

/** A channel's newest events, so that most reads need no store. */
export class Recent {
  #events: RecentEvent[] = [];
  #start = 0;
  #bytes = 0;
  /** How many of them came of sampled commands. */
  #traced = 0;

  add(event: RecentEvent): void {
    this.#events.push(event);
    this.#bytes += event.frame.byteLength;
    if (event.trace) this.#traced++;
    while (this.#events.length - this.#start > recentEventsMax || this.#bytes > recentBytesMax) {
      const { frame, trace } = this.#events[this.#start]!;
      this.#bytes -= frame.byteLength;
      if (trace) this.#traced--;
      this.#start++;
    }
    if (this.#start > recentEventsMax) {
      this.#events = this.#events.slice(this.#start);
      this.#start = 0;
    }
  }

  /** The event of this id, if it is here. */
  find(id: EventId): Event | undefined {
    return this.#find(id)?.event;
  }

  /** `traceparent` of whoever sent the command that an event came of, if that was sampled and is known. */
  creationOf(id: EventId): string | undefined {
    return this.#traced > 0 ? this.#find(id)?.trace?.creation : undefined;
  }

  #find(id: EventId): RecentEvent | undefined {
    let [low, high] = [this.#start, this.#events.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#events[middle]!.id < id) low = middle + 1;
      else high = middle;
    }
    const found = this.#events[low];
    return found?.id === id ? found : undefined;
  }

  /** Takes the text of a message out of all events that hold it. */
  erase(messageId: EventId, frameOf: (event: Event) => Uint8Array): void {
    for (let at = this.#start; at < this.#events.length; at++) {
      const present = this.#events[at]!;
      if (messageOf(present.event) !== messageId) continue;
      const event = withoutText(present.event);
      const frame = frameOf(event);
      this.#bytes += frame.byteLength - present.frame.byteLength;
      this.#events[at] = { ...present, event, frame };
    }
  }

  /** The events from one `seq` to another, ascending, or undefined if not all of them are here. */
  range(from: Seq, to: Seq): RecentEvent[] | undefined {
    const oldest = this.#events[this.#start];
    const newest = this.#events[this.#events.length - 1];
    if (!oldest || !newest || from < oldest.seq || to > newest.seq) return undefined;
    const offset = this.#start - oldest.seq;
    return this.#events.slice(offset + from, offset + to + 1);
  }
}
