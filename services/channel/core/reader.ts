import type { ReadEventsRequest } from "../../../gen/confab/mesh/v1/log.js";
import { Event } from "../../../gen/confab/v1/types.js";
import { hideDeleted } from "../../../lib/events/erased.js";
import type { EventId, Position, Seq } from "../../../lib/ids/ids.js";
import { pageEventsMax } from "../../../lib/limits/limits.js";
import type { LogRow } from "../../../lib/store/log-store.js";
import { type ReadOutcome, refusal } from "./answers.js";
import type { ChannelState } from "./channel-state.js";
import type { ConfirmBarrier } from "./confirm-barrier.js";
import type { ReadSource } from "./meter.js";
import type { Projector } from "./projector.js";
import type { Outside, PageToRead } from "./store-work.js";

/** Takes what was read, and where it was. */
export type PageRead = (events: Event[] | undefined, source: ReadSource) => void;

/** Reads pages of a channel's confirmed log: from memory where it reaches, else from the store. */
export class Reader {
  constructor(
    private readonly outside: Pick<Outside, "store" | "meter">,
    private readonly barrier: ConfirmBarrier,
    private readonly projector: Pick<Projector, "pending">,
  ) {}

  /**
   * Authorises and notes the tail in this turn, then reads the page and waits for a confirm that begins
   * now, side by side (Raft's ReadIndex, §6.4 of Ongaro's thesis).
   */
  read(state: ChannelState, request: ReadEventsRequest, reply: (outcome: ReadOutcome) => void): void {
    const refuse = whyNot(state, request);
    if (refuse) return reply({ refusal: refusal(refuse, "channel_id") });
    const newest = state.tail;
    const { from, to } = pageBounds(request, newest);
    let events: Event[] | undefined;
    let confirmed = false;
    const finish = () => {
      if (!confirmed || !events) return;
      if (request.downward) events.reverse();
      reply({ page: { events, newest } });
    };
    this.barrier.wait(() => {
      confirmed = true;
      finish();
    });
    this.readPage(state, { from, to, downward: request.downward }, (read) => {
      if (!read) return reply({ refusal: refusal("unavailable") });
      events = read;
      finish();
    });
  }

  /**
   * Events at or below the tail, ascending: of the range the first, the last if `downward`, that a page has
   * room for, at least one; undefined when the store does not answer.
   */
  readPage(state: ChannelState, { from, to, downward }: Omit<PageToRead, "segments">, done: PageRead): void {
    if (from > to) return done([], "memory");
    const recent = state.recent.range(from, to);
    this.outside.meter?.read(recent ? "memory" : "store", to - from + 1);
    if (recent) {
      return done(
        recent.map(({ event }) => event),
        "memory",
      );
    }
    const page = { segments: [...state.segments], from, to, downward };
    const deleted = deletedBy(this.projector.pending);
    this.outside.store.readPage(state.id, page, (outcome) => {
      const read = "value" in outcome ? hideDeleted(outcome.value.map(decodeRow), deleted) : undefined;
      done(read, "store");
    });
  }
}

/** The event that a row keeps. */
function decodeRow(row: LogRow): Event {
  return Event.decode(row.event);
}

/** Messages whose texts may still be in the store. */
function deletedBy(pending: Projector["pending"]): ReadonlySet<EventId> {
  const deleted = new Set<EventId>();
  for (const { event } of pending) {
    if (event.kind?.$case === "messageDeleted") deleted.add(event.kind.value.messageId);
  }
  return deleted;
}

function whyNot(state: ChannelState, { reader, minSeq }: ReadEventsRequest) {
  if (reader !== state.id && state.tail.seq === 0) return "channel_not_found";
  if (!state.mayRead(reader)) return "not_in_channel";
  return minSeq > state.tail.seq ? "not_owner" : undefined;
}

/** First and last event of a page, both included. */
export function pageBounds(
  { fromSeq, limit, downward }: Pick<ReadEventsRequest, "fromSeq" | "limit" | "downward">,
  tail: Position,
): { from: Seq; to: Seq } {
  const count = Math.min(Math.max(limit, 1), pageEventsMax);
  if (!downward) return { from: fromSeq + 1, to: Math.min(tail.seq, fromSeq + count) };
  const to = fromSeq === 0 ? tail.seq : Math.min(fromSeq - 1, tail.seq);
  return { from: Math.max(1, to - count + 1), to };
}
