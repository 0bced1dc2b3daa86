import { GapReason } from "../../../gen/confab/v1/realtime.js";
import { catchUpEventsMax } from "../../../lib/limits/limits.js";
import { frameJson } from "./event-json.js";
import type { FeedEvent, Range } from "./feed.js";
import type { Follow } from "./follow.js";
import type { GatewayMeter } from "./meter.js";

/** Most events asked of the owner at a time for one client. */
const fetchEventsMax = 256;

/**
 * How a catch-up goes on: by fetching, by waiting for the feed to reach the client, or not at all: it is
 * done.
 */
export type CatchUpStep = Range | "wait" | "done";

/**
 * Sends a client what it missed, from the gateway's ring if that reaches down far enough. When it is done
 * the client has everything up to the feed's position (or knows what it will not get), and in that same
 * turn it must join the live followers. A client that came from another gateway may be ahead of this one.
 */
export function catchUp(follow: Follow, meter?: GatewayMeter): CatchUpStep {
  const { feed, session } = follow;
  const target = feed.position!;
  const from = follow.position!;
  if (from.seq > target.seq) return "wait";
  if (from.seq === target.seq) return "done";
  if (target.seq - from.seq > catchUpEventsMax) {
    const value = { channelId: feed.id, fromSeq: from.seq + 1, toSeq: target.seq };
    session.tell({ $case: "gap", value: { ...value, reason: GapReason.GAP_REASON_TOO_FAR_BEHIND } });
    follow.position = target;
    meter?.gapTold();
    return "done";
  }
  const missed = feed.ring.above(from.seq);
  if (!missed) return { after: from.seq, to: Math.min(target.seq, from.seq + fetchEventsMax) };
  meter?.caughtUp("ring", sendMissed(follow, missed));
  return "done";
}

/** Sends those of the events that come next for the client, none above the feed's position; how many. */
export function sendMissed(follow: Follow, events: readonly FeedEvent[]): number {
  let sent = 0;
  for (const event of events) {
    if (event.seq > follow.feed.position!.seq) break;
    if (event.seq !== follow.position!.seq + 1) continue;
    follow.session.connection.send(frameJson(event.frame));
    follow.position = { seq: event.seq, id: event.id };
    sent++;
  }
  return sent;
}
