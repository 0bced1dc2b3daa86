import { type ConversationCreated, ConversationType, Event } from "../../../gen/confab/v1/types.js";
import { eventFrame } from "../../../lib/frames/event-frame.js";
import type { ChannelId, Position, Seq } from "../../../lib/ids/ids.js";
import type { LogRow } from "../../../lib/store/log-store.js";
import { bodyHash } from "./body-hash.js";
import type { Segment } from "./bucket-map.js";
import { DedupeWindow } from "./dedupe-window.js";
import { Deletions } from "./deletions.js";
import { Membership } from "./membership.js";
import { Notices } from "./notices.js";
import { isProjected } from "./projector.js";
import { ReadMarks } from "./read-marks.js";
import { Recent, type RecentEvent } from "./recent.js";
import { isTopLevel, type PlacedEvent } from "./rows.js";
import type { FoundChannel } from "./store-work.js";
import type { Place } from "./target.js";

/** What an owner knows of a channel: the confirmed log up to the tail, as far as it matters in memory. */
export class ChannelState {
  tail: Position = { seq: 0, id: 0 };
  /** Top-level messages up to the tail. */
  messages = 0;
  /** Events up to here are projected, as far as this owner or those before it noted. */
  readonly projectedBefore: Seq;
  /** Of changes of membership up to here the users know, as far as this owner or those before it noted. */
  readonly toldBefore: Seq;
  #isPublic: boolean;
  readonly segments: Segment[];
  readonly membership: Membership;
  readonly dedupe: DedupeWindow;
  readonly recent = new Recent();
  readonly marks: ReadMarks;
  readonly deletions = new Deletions();
  /** What the user whose own channel this is was told of memberships. */
  readonly notices = new Notices();
  /** Who created the conversation; empty if it is none. */
  creator: string;
  /** Events after `projectedBefore` that an earlier owner may not have projected. */
  readonly unprojected: Event[] = [];

  /** @param openedAt ms since the Unix epoch */
  constructor(
    readonly id: ChannelId,
    found: FoundChannel,
    openedAt: number,
  ) {
    this.segments = found.segments;
    this.marks = new ReadMarks(found.marks);
    this.creator = found.creator;
    this.#isPublic = found.created !== undefined && isPublic(found.created);
    this.membership = new Membership(found.members);
    this.dedupe = new DedupeWindow(openedAt);
    const last = found.rows[found.rows.length - 1];
    this.projectedBefore = last?.projected ?? 0;
    this.toldBefore = Math.min(last?.told ?? 0, last?.seq ?? 0);
    for (const row of found.rows) this.#restore(row, openedAt);
  }

  /**
   * Whether a user may read: members, everybody where it is public, and each user their own channel. That a
   * reader is of the right workspace is known before.
   */
  mayRead(user: string): boolean {
    return this.#isPublic || this.membership.has(user) || user === this.id;
  }

  /** Everybody of the workspace may read and join. */
  get isPublic(): boolean {
    return this.#isPublic;
  }

  /** Takes a confirmed event in, the one after the tail. */
  apply({ event, encoded, target, trace }: PlacedEvent, now: number): RecentEvent {
    this.tail = { seq: event.seq, id: event.id };
    if (event.kind && isTopLevel(event.kind)) this.messages++;
    this.#note(event, target);
    this.membership.apply(event);
    const recent = { seq: event.seq, id: event.id, event, frame: this.#frame(encoded), trace };
    this.recent.add(recent);
    this.#remember(event, now);
    return recent;
  }

  #note({ author, kind }: Event, target: Place | undefined): void {
    switch (kind?.$case) {
      case "conversationCreated":
        this.#isPublic = isPublic(kind.value);
        this.creator = author;
        return;
      case "readMarked":
        return this.marks.apply(kind.value);
      case "membershipChanged":
        return this.notices.apply(kind.value, this.tail);
      case "messageDeleted":
        this.dedupe.forgetBody(kind.value.messageId);
        this.recent.erase(kind.value.messageId, (event) => this.#frame(Event.encode(event).finish()));
        if (target?.isTopLevel) this.deletions.add(kind.value.messageId);
    }
  }

  #frame(encoded: Uint8Array): Uint8Array {
    return eventFrame(this.id, encoded);
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
    if (row.seq > this.projectedBefore && isProjected(event)) this.unprojected.push(event);
  }
}

function isPublic({ type }: ConversationCreated): boolean {
  return type === ConversationType.CONVERSATION_TYPE_PUBLIC;
}
