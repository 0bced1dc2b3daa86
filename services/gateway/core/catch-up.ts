import { GapReason } from "../../../gen/confab/v1/realtime.js";
import { catchUpBytesMax, catchUpEventsMax } from "../../../lib/limits/limits.js";
import type { Approach } from "./approach.js";
import type { FeedEvent, Range } from "./feed.js";
import { inFormat } from "./frame-formats.js";
import type { GatewayMeter } from "./meter.js";
import type { DeliveryTracer } from "./tracer.js";

/** Most events asked of the owner at a time for one client. */
const fetchEventsMax = 256;

/**
 * How a catch-up goes on: by fetching, by waiting for the feed to reach the client or for the client to read
 * what it was sent, or not at all: it is done.
 */
export type CatchUpStep = Range | "wait" | "paused" | "done";

/**
 * Sends a client what it missed, from the gateway's ring if that reaches down far enough. When it is done
 * the client has everything up to the feed's position (or knows what it will not get), and in that same
 * turn it must join the live followers. A client that came from another gateway may be ahead of this one.
 */
export function catchUp(approach: Approach, meter?: GatewayMeter, tracer?: DeliveryTracer): CatchUpStep {
  const { feed, session } = approach;
  const target = feed.position!;
  const from = approach.position!;
  if (from.seq > target.seq) return "wait";
  if (from.seq === target.seq) return "done";
  if (target.seq - from.seq > catchUpEventsMax) {
    const value = { channelId: feed.id, fromSeq: from.seq + 1, toSeq: target.seq };
    session.tell({ $case: "gap", value: { ...value, reason: GapReason.GAP_REASON_TOO_FAR_BEHIND } });
    approach.position = target;
    meter?.gapTold();
    return "done";
  }
  if (isFull(approach)) return "paused";
  const missed = feed.above(from.seq);
  if (!missed) return { after: from.seq, to: Math.min(target.seq, from.seq + fetchEventsMax) };
  const sent = sendMissed(approach, missed, tracer);
  meter?.caughtUp("ring", sent);
  return approach.position!.seq === target.seq ? "done" : "paused";
}

/**
 * Sends those of the events that come next for the client, none above the feed's position, until too much
 * waits for its reader: a catch-up must not be what cuts a connection off. Returns how many.
 */
export function sendMissed(
  approach: Approach,
  events: readonly FeedEvent[],
  tracer?: DeliveryTracer,
): number {
  let sent = 0;
  for (const event of events) {
    if (event.seq > approach.feed.position!.seq || isFull(approach)) break;
    if (event.seq !== approach.position!.seq + 1) continue;
    const { connection } = approach.session;
    connection.send(inFormat(event.frame, connection.format));
    approach.position = { seq: event.seq, id: event.id };
    if (event.creationTraceparent) tracer?.caughtUp(approach.feed.id, event);
    sent++;
  }
  return sent;
}

function isFull({ session }: Approach): boolean {
  return session.connection.bufferedBytes() > catchUpBytesMax;
}
