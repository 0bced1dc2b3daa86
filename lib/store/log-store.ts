import type { ChannelId, Epoch, EventId, Seq, UserId } from "../ids/ids.js";
import type { ProjectionStore } from "./projection-store.js";
import type { RosterStore } from "./roster-store.js";

/** A row of a channel's log. The primary key is ((channel, bucket), seq, epoch). */
export interface LogRow {
  readonly seq: Seq;
  /** The writer's term: of several rows with one `seq`, the highest epoch's counts. */
  readonly epoch: Epoch;
  readonly id: EventId;
  /** First and last `seq` of the append that the row came with. */
  readonly first: Seq;
  readonly last: Seq;
  /** Up to which `seq` the writer had projected when it wrote. */
  readonly projected: Seq;
  /** Up to which `seq` the writer had told users of their memberships; may lie above the row's own. */
  readonly told: Seq;
  /** Top-level messages in the channel up to and with this row. */
  readonly messages: number;
  /** Name of the event's kind, as in the `kind` of `confab.v1.Event`. */
  readonly kind: string;
  readonly author: string;
  /** Empty when the event has none. */
  readonly clientMsgId: string;
  /** Message that is answered; 0 outside threads. */
  readonly parentId: EventId;
  /** Message that is changed by the event; 0 if none. */
  readonly targetId: EventId;
  /** Encoded `confab.v1.Event`; without its body once erased. */
  readonly event: Uint8Array;
}

/** What makes a retried post recognisable. The key is ((channel, bucket), author, clientMsgId, epoch). */
export interface MessageKey {
  readonly author: string;
  readonly clientMsgId: string;
  readonly epoch: Epoch;
  readonly seq: Seq;
  /** Hash of what was posted: the same id with another hash is refused. Empty once that was erased. */
  readonly bodyHash: string;
}

/** Name of a time bucket: the id (µs) of the event that opens it. */
export type Bucket = number;

/** A row of a channel's bucket map, keyed (channel; epoch, bucket): from `firstSeq` on, look in `bucket`. */
export interface BucketEntry {
  readonly epoch: Epoch;
  readonly bucket: Bucket;
  readonly firstSeq: Seq;
}

/** One atomic write: rows with consecutive `seq` and their keys, all in one bucket. */
export interface Append {
  readonly channel: ChannelId;
  readonly bucket: Bucket;
  readonly rows: readonly LogRow[];
  readonly keys: readonly MessageKey[];
}

/** A range of rows within one bucket. */
export interface RowRange {
  readonly channel: ChannelId;
  readonly bucket: Bucket;
  /** Lowest and highest `seq`, both included. */
  readonly from: Seq;
  readonly to: Seq;
  /** Most rows to return; rows of all epochs count. */
  readonly limit: number;
  /** No row follows once the events of those before it have so many bytes; at least one row is returned. */
  readonly bytesEnough: number;
  /** Newest first. Within one `seq` the highest epoch comes first either way. */
  readonly downward: boolean;
}

/** A user's latest change of membership in a channel, as projected from its log. */
export interface MemberRow {
  readonly channel: ChannelId;
  readonly user: UserId;
  /** The change: its place in the channel's log. An older change never replaces a newer one. */
  readonly seq: Seq;
  readonly id: EventId;
  /** Joined, or left. */
  readonly member: boolean;
}

/** A write of which it is certain that no part was or will be applied: its caller may be told so. */
export class NotWritten extends Error {}

/** The writer's incarnation has been fenced: nothing was written, and it never may write again. */
export class Fenced extends Error {}

/**
 * The channel logs. Every write can be sent again with the same bytes, any time later, and changes nothing
 * then. A write rejects with `NotWritten`, with `Fenced`, or with anything else when its outcome is not
 * known. What a read answers may be shared with others that asked the same: its rows are not to be changed.
 */
export interface LogStore extends ProjectionStore, RosterStore {
  append(incarnation: string, append: Append): Promise<void>;
  listBucket(incarnation: string, channel: ChannelId, entry: BucketEntry): Promise<void>;
  /** The whole map in ascending order of epoch, then `firstSeq`. */
  readBuckets(channel: ChannelId): Promise<BucketEntry[]>;
  readRows(range: RowRange): Promise<LogRow[]>;
  /** All epochs' keys of one message id. */
  findKeys(channel: ChannelId, bucket: Bucket, author: string, clientMsgId: string): Promise<MessageKey[]>;

  /** From when this resolves, no write of the incarnation that was not acknowledged and confirmed counts. */
  fence(incarnation: string): Promise<void>;
  /** Resolves if the incarnation was not fenced when asked, else rejects with `Fenced`. */
  confirm(incarnation: string): Promise<void>;

  /** Writes absolute values under the id of the event behind them; of two, the higher id stays. */
  projectMembers(changes: readonly MemberRow[]): Promise<void>;
  readMembers(channel: ChannelId): Promise<MemberRow[]>;
  readUserChannels(user: UserId): Promise<MemberRow[]>;
}
