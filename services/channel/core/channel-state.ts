import { type ConversationCreated, ConversationType, Event } from "../../../gen/confab/v1/types.js";
import { eventFrame } from "../../../lib/frames/event-frame.js";
import type { ChannelId, Position, Seq } from "../../../lib/ids/ids.js";
import type { LogRow } from "../../../lib/store/log-store.js";
import { bodyHash } from "./body-hash.js";
import type { Segment } from "./bucket-map.js";
import { DedupeWindow } from "./dedupe-window.js";
import { changesMembership, Membership } from "./membership.js";
import { Recent, type RecentEvent } from "./recent.js";
import { isTopLevel, type PlacedEvent } from "./rows.js";
import type { FoundChannel } from "./store-work.js";

/** What an owner knows of a channel: the confirmed log up to the tail, as far as it matters in memory. */
export class ChannelState {
  tail: Position = { seq: 0, id: 0 };
  /** Top-level messages up to the tail. */
  messages = 0;
  /** Events up to here are projected, as far as this owner or those before it noted. */
  readonly projectedBefore: Seq;
  #isPublic: boolean;
  readonly segments: Segment[];
  readonly membership: Membership;
  readonly dedupe: DedupeWindow;
  readonly recent = new Recent();
  /** Events after `projectedBefore` that an earlier owner may not have projected. */
  readonly unprojected: Event[] = [];

  /** @param openedAt ms since the Unix epoch */
  constructor(
    readonly id: ChannelId,
    found: FoundChannel,
    openedAt: number,
  ) {
    this.segments = found.segments;
    this.#isPublic = found.created !== undefined && isPublic(found.created);
    this.membership = new Membership(found.members);
    this.dedupe = new DedupeWindow(openedAt);
    this.projectedBefore = found.rows[found.rows.length - 1]?.projected ?? 0;
    for (const row of found.rows) this.#restore(row, openedAt);
  }

  /**
   * Whether a user may read: members, everybody where it is public, and each user their own channel. That a
   * reader is of the right workspace is known before.
   */
  mayRead(user: string): boolean {
    return this.#isPublic || this.membership.has(user) || user === this.id;
  }

  /** Takes a confirmed event in, the one after the tail. */
  apply(placed: PlacedEvent, now: number): RecentEvent {
    const { event, encoded } = placed;
    this.tail = { seq: event.seq, id: event.id };
    if (event.kind && isTopLevel(event.kind)) this.messages++;
    if (event.kind?.$case === "conversationCreated") this.#isPublic = isPublic(event.kind.value);
    this.membership.apply(event);
    const recent = { seq: event.seq, id: event.id, event, frame: eventFrame(this.id, encoded) };
    this.recent.add(recent);
    this.#remember(event, now);
    return recent;
  }

  #remember(event: Event, now: number): void {
    if (event.kind?.$case !== "messagePosted" || event.kind.value.clientMsgId === "") return;
    const post = { seq: event.seq, id: event.id, bodyHash: bodyHash(event.kind.value) };
    this.dedupe.add(event.author, event.kind.value.clientMsgId, post, now);
  }

  #restore(row: LogRow, now: number): void {
    const event = Event.decode(row.event);
    this.apply({ event, encoded: row.event }, now);
    this.messages = row.messages;
    if (row.seq > this.projectedBefore && changesMembership(event.kind)) this.unprojected.push(event);
  }
}

function isPublic({ type }: ConversationCreated): boolean {
  return type === ConversationType.CONVERSATION_TYPE_PUBLIC;
}
