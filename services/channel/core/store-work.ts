import type { ConversationCreated, Event, MembershipChanged } from "../../../gen/confab/v1/types.js";
import type { ChannelId, Epoch, EventId, Position, Seq, UserId } from "../../../lib/ids/ids.js";
import type { Rate } from "../../../lib/rate-limit/rate.js";
import type { Append, BucketEntry, LogRow, MemberRow } from "../../../lib/store/log-store.js";
import type { AnnotationRow, MarkRow, RelatedRow } from "../../../lib/store/projection-store.js";
import type { ActiveBounds } from "./active-channels.js";
import type { Cell } from "./annotations.js";
import type { Segment } from "./bucket-map.js";
import type { KnownPost } from "./dedupe-window.js";
import type { OwnerMeter } from "./meter.js";
import type { ToProject } from "./projector.js";
import type { OwnerTracer } from "./tracer.js";

/** What an activation finds of a channel. */
export interface FoundChannel {
  readonly segments: Segment[];
  /** The event that created it; undefined if there is none. */
  readonly created: ConversationCreated | undefined;
  /** Author of that event; empty if there is none. */
  readonly creator: string;
  /** The end of the log, ascending: at least everything after `projected`, and the last append whole. */
  readonly rows: readonly LogRow[];
  /** Highest epoch of any row or bucket that was found, whether it counts or not; 0 without any. */
  readonly highestEpoch: Epoch;
  /** Members as projected; the rows after `projected` are not applied yet. */
  readonly members: readonly MemberRow[];
  /** Read marks as projected, if the channel is a user's own. */
  readonly marks: readonly MarkRow[];
}

/** A range of the log at or below the tail. */
export interface RangeToRead {
  readonly segments: readonly Segment[];
  /** First and last `seq`, both included; each of them has a row. */
  readonly from: Seq;
  readonly to: Seq;
}

/** What was put on the last messages of a range. */
export interface FoundAnnotations {
  readonly rows: readonly AnnotationRow[];
  /** It is all that was put on messages from this `seq` on; there was no room for more. */
  readonly from: Seq;
}

/** A range to read as far as a page may be large. */
export interface PageToRead extends RangeToRead {
  /** Its last rows, not its first. */
  readonly downward: boolean;
}

/** A key to look for in the buckets that were open since a time (ms since the Unix epoch). */
export interface KeyToFind {
  readonly segments: readonly Segment[];
  readonly tail: Position;
  readonly since: number;
  readonly author: string;
  readonly clientMsgId: string;
}

/** A message to look for among the events up to the tail. */
export interface MessageToFind {
  readonly segments: readonly Segment[];
  readonly tail: Position;
  readonly id: EventId;
  /** The event of this id, where it is known already. */
  readonly event: Event | undefined;
}

/** The event of an id, of whatever kind, and what was put on it as far as that is projected. */
export interface FoundMessage {
  readonly event: Event;
  readonly cells: readonly Cell[];
}

/** The first of the replies that were looked for. */
export interface FoundReplies {
  readonly replies: readonly FoundMessage[];
  /** There are more, for which there was no room. */
  readonly isCut: boolean;
}

/** Replies to look for: those of a message with ids above `after`, ascending. */
export interface RepliesToFind {
  readonly segments: readonly Segment[];
  readonly parentId: EventId;
  readonly after: EventId;
  readonly limit: number;
}

/** Events to carry into the tables beside the log. */
export interface ProjectionWork {
  readonly segments: readonly Segment[];
  readonly tail: Position;
  readonly events: readonly ToProject[];
}

/** Why a store operation has no result. */
export type StoreFailure = "notWritten" | "fenced" | "unknown";

/** How a store operation ended; `now` is the time of it in ms since the Unix epoch. */
export type Done<Value> = (outcome: { value: Value } | { failure: StoreFailure }, now: number) => void;

/** What channels ask of the store. Each is answered once, later, never within the call. */
export interface StoreWork {
  find(channel: ChannelId, done: Done<FoundChannel>): void;
  listBucket(channel: ChannelId, entry: BucketEntry, done: Done<void>): void;
  append(append: Append, done: Done<void>): void;
  findKey(channel: ChannelId, key: KeyToFind, done: Done<KnownPost | undefined>): void;
  /** Rows, ascending, until their events have the bytes of a page; at least one. */
  readPage(channel: ChannelId, page: PageToRead, done: Done<LogRow[]>): void;
  /** Upward from some message of the range to its last, until they have the bytes of a page. */
  readAnnotations(channel: ChannelId, range: RangeToRead, done: Done<FoundAnnotations>): void;
  findMessage(channel: ChannelId, message: MessageToFind, done: Done<FoundMessage | undefined>): void;
  findReplies(channel: ChannelId, replies: RepliesToFind, done: Done<FoundReplies>): void;
  /** The last deletions of the conversation's own messages, newest first. */
  readDeletions(channel: ChannelId, limit: number, done: Done<RelatedRow[]>): void;
  project(channel: ChannelId, work: ProjectionWork, done: Done<void>): void;
  /** Of which conversations a user is a member, as projected. */
  readUserChannels(user: UserId, done: Done<MemberRow[]>): void;
  /** Is this incarnation still not fenced? */
  confirm(done: Done<void>): void;
}

/** Everything that a core may wish of the outside, apart from answers to its callers. */
export interface Outside {
  readonly store: StoreWork;
  /**
   * Brings a notice to the owner of the user's own channel; answered later, never within the call: whether it
   * is stored there.
   */
  tell(user: UserId, notice: MembershipChanged, done: (stored: boolean, now: number) => void): void;
  /** Calls back once, so many milliseconds later. */
  later(ms: number, call: (now: number) => void): void;
  /** This incarnation was fenced: it must end, and begin anew under another name. */
  fenced(): void;
  /** A log holds rows of a higher epoch than the slot's: this term is void, a newer one is needed. */
  outranked(epoch: Epoch): void;
  readonly meter?: OwnerMeter | undefined;
  /** Traces sampled commands; none is without. */
  readonly tracer?: OwnerTracer | undefined;
  /** Bounds the new events of each channel; nothing does without. */
  readonly channelRate?: Rate | undefined;
  /** The usual ones if there are none. */
  readonly activeBounds?: ActiveBounds | undefined;
}
