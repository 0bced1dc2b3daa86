import type { ChannelId, EventId, Seq, UserId } from "../ids/ids.js";
import type { Bucket } from "./log-store.js";

/** What can be put on a message: its latest text, its deletion, a reaction, a pin, the sum of its thread. */
export type AnnotationKind = "edit" | "deletion" | "reaction" | "pin" | "thread";

/** One cell of what was put on a message. The key is ((channel, bucket), target, kind, author, emoji). */
export interface AnnotationRow {
  readonly channel: ChannelId;
  /** The bucket that holds the message. */
  readonly bucket: Bucket;
  /** `seq` of the message. */
  readonly target: Seq;
  readonly kind: AnnotationKind;
  /** Whose reaction it is; empty for other kinds. */
  readonly author: string;
  /** Which reaction it is; empty for other kinds. */
  readonly emoji: string;
  /** The event that the value is of. */
  readonly seq: Seq;
  readonly id: EventId;
  /** A text, a flag (empty means off), or the summary of a thread. */
  readonly value: string;
}

/** The messages of one bucket whose annotations to read. */
export interface AnnotationRange {
  readonly channel: ChannelId;
  readonly bucket: Bucket;
  /** Lowest and highest `seq` of a message, both included. */
  readonly from: Seq;
  readonly to: Seq;
}

/**
 * An event that another message must be able to find: a reply or an edit of the message `target`, or the
 * deletion of a message of the conversation itself (`target` is 0, `seq` and `author` are the deleted
 * message's, `messageId` its id). The key is ((channel, target, kind), id).
 */
export interface RelatedRow {
  readonly channel: ChannelId;
  readonly target: EventId;
  readonly kind: "reply" | "edit" | "deletion";
  /** Id of the event. */
  readonly id: EventId;
  /** `seq` of the row that is meant. */
  readonly seq: Seq;
  /** Id of the message that is meant. */
  readonly messageId: EventId;
  readonly author: string;
  /** A reply that was deleted. */
  readonly deleted: boolean;
  /** Event that the row is of. */
  readonly written: EventId;
}

/** Which related events to read: those with an id above `after`, in the order of their ids. */
export interface RelatedRange {
  readonly channel: ChannelId;
  readonly target: EventId;
  readonly kind: RelatedRow["kind"];
  readonly after: EventId;
  readonly limit: number;
  /** Newest first. */
  readonly downward: boolean;
}

/** How far a user has read a conversation. The key is (user; channel). */
export interface MarkRow {
  readonly user: UserId;
  readonly channel: ChannelId;
  /** The last event that was read: its place in the conversation's log. */
  readonly seq: Seq;
  readonly id: EventId;
  /** Top-level messages of the conversation up to there. */
  readonly messages: number;
  /** Event of the user's own channel that the mark is of. */
  readonly written: EventId;
}

/** What is left of an event whose body was erased. */
export interface Erasure {
  readonly channel: ChannelId;
  readonly bucket: Bucket;
  readonly seq: Seq;
  /** Encoded `confab.v1.Event` without its body. */
  readonly event: Uint8Array;
  /** By these the keys of what was posted are found. */
  readonly author: string;
  /** Empty when the event has none. */
  readonly clientMsgId: string;
  /** Id of the event that erased it. */
  readonly written: EventId;
}

/**
 * What is carried from the logs into tables beside them. All values are absolute and written under the id of
 * the event behind them: of two values for one place the higher id's stays, whichever is written last.
 */
export interface ProjectionStore {
  annotate(rows: readonly AnnotationRow[]): Promise<void>;
  /** In the order of their targets. */
  readAnnotations(range: AnnotationRange): Promise<AnnotationRow[]>;
  relate(rows: readonly RelatedRow[]): Promise<void>;
  readRelated(range: RelatedRange): Promise<RelatedRow[]>;
  projectMarks(rows: readonly MarkRow[]): Promise<void>;
  readMarks(user: UserId): Promise<MarkRow[]>;
  /**
   * Replaces the event of all rows of a `seq`, and empties the `bodyHash` of all keys of the author and
   * `clientMsgId` in the bucket, whatever their epochs; those that are written later too, if their ids are
   * below `written`. Rows and keys keep everything else; rows of epochs below the highest may go.
   */
  erase(erasures: readonly Erasure[]): Promise<void>;
}
