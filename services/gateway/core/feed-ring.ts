import { ServerFrame } from "../../../gen/confab/v1/realtime.js";
import { Event } from "../../../gen/confab/v1/types.js";
import { messageOf, withoutText } from "../../../lib/events/erased.js";
import { eventFrame } from "../../../lib/frames/event-frame.js";
import type { ChannelId, EventId, Seq } from "../../../lib/ids/ids.js";
import type { FeedEvent } from "./feed.js";

/** Most events of a channel kept at a gateway, and their bytes. */
const ringEventsMax = 256;
const ringBytesMax = 256 * 1024;

/** A channel's newest events at a gateway, so that most reconnecting clients are served from here. */
export class FeedRing {
  #events: FeedEvent[] = [];
  #start = 0;
  #bytes = 0;

  /** Adds the event after the newest one here. */
  add(event: FeedEvent): void {
    this.#events.push(event);
    this.#bytes += event.frame.byteLength;
    while (this.#events.length - this.#start > ringEventsMax || this.#bytes > ringBytesMax) {
      this.#bytes -= this.#events[this.#start]!.frame.byteLength;
      this.#start++;
    }
    if (this.#start > ringEventsMax) {
      this.#events = this.#events.slice(this.#start);
      this.#start = 0;
    }
  }

  /** Takes the text of a message out of all events that hold it. */
  erase(channel: ChannelId, messageId: EventId): void {
    // What the ring has dropped is in memory still.
    for (let at = 0; at < this.#events.length; at++) {
      const present = this.#events[at]!;
      const event = ServerFrame.decode(present.frame).events[0]?.event;
      if (!event || messageOf(event) !== messageId) continue;
      const frame = eventFrame(channel, Event.encode(withoutText(event)).finish());
      if (at >= this.#start) this.#bytes += frame.byteLength - present.frame.byteLength;
      this.#events[at] = { ...present, frame };
    }
  }

  /** Every event above `after`, ascending, or undefined if the ring does not reach down that far. */
  above(after: Seq): FeedEvent[] | undefined {
    const oldest = this.#events[this.#start];
    if (!oldest || after + 1 < oldest.seq) return undefined;
    return this.#events.slice(this.#start + after + 1 - oldest.seq);
  }
}
