import type { Clock } from "../../clock/clock.js";
import { systemClock } from "../../clock/system-clock.js";
import type { ChannelId, UserId } from "../../ids/ids.js";
import type { Log } from "../../log/log.js";
import type { Append, Bucket, BucketEntry, LogRow, MemberRow, RowRange } from "../log-store.js";
import type {
  AnnotationRange,
  AnnotationRow,
  Erasure,
  MarkRow,
  RelatedRange,
  RelatedRow,
} from "../projection-store.js";
import type { Enlisted } from "../roster-store.js";
import { SharedReads } from "../shared-reads.js";
import type { Store } from "../store.js";
import { DirectoryTables } from "./directory-tables.js";
import { Fences } from "./fences.js";
import { LogTables } from "./log-tables.js";
import { ProjectionTables } from "./projection-tables.js";
import type { Requests } from "./requests.js";
import { Roster } from "./roster.js";

/** The store in a keyspace of Cassandra or ScyllaDB, which many processes may have open. */
export class CassandraStore extends DirectoryTables implements Store {
  readonly #requests: Requests;
  readonly #clock: Pick<Clock, "endOfTurn">;
  readonly #reads = new SharedReads();
  readonly #log: LogTables;
  readonly #fences: Fences;
  readonly #roster: Roster;
  readonly #projections: ProjectionTables;

  constructor(
    requests: Requests,
    keyspace: string,
    clock: Pick<Clock, "endOfTurn"> = systemClock,
    log?: Log,
  ) {
    super(requests, keyspace, log);
    this.#requests = requests;
    this.#clock = clock;
    this.#log = new LogTables(requests, keyspace);
    this.#fences = new Fences(requests, keyspace);
    this.#roster = new Roster(requests, keyspace);
    this.#projections = new ProjectionTables(requests, keyspace);
  }

  /** Requests sent to the cluster since the store was opened, and how many wait or are under way. */
  stats(): { readonly sent: number; readonly waiting: number } {
    return { sent: this.#requests.sent, waiting: this.#requests.waiting };
  }

  /**
   * Writes whatever other processes have fenced: only `confirm` tells, which must follow before the append
   * counts.
   */
  async append(incarnation: string, append: Append): Promise<void> {
    this.#fences.refuseKnown(incarnation);
    await this.#log.append(append);
  }

  async listBucket(incarnation: string, channel: ChannelId, entry: BucketEntry): Promise<void> {
    this.#fences.refuseKnown(incarnation);
    await this.#log.listBucket(channel, entry);
  }

  readBuckets(channel: ChannelId): Promise<BucketEntry[]> {
    return this.#read("readBuckets", [channel], (begun) => this.#log.readBuckets(channel, begun));
  }

  readRows(range: RowRange): Promise<LogRow[]> {
    const { channel, bucket, from, to, limit, bytesEnough, downward } = range;
    const args = [channel, bucket, from, to, limit, bytesEnough, downward];
    return this.#read("readRows", args, (begun) => this.#log.readRows({ ...range }, begun));
  }

  findKeys(channel: ChannelId, bucket: Bucket, author: string, clientMsgId: string) {
    return this.#log.findKeys(channel, bucket, author, clientMsgId);
  }

  fence(incarnation: string): Promise<void> {
    return this.#fences.fence(incarnation);
  }

  confirm(incarnation: string): Promise<void> {
    return this.#fences.confirm(incarnation);
  }

  enlist(enlisted: Enlisted): Promise<void> {
    return this.#roster.enlist(enlisted);
  }

  delist(incarnation: string): Promise<void> {
    return this.#roster.delist(incarnation);
  }

  readRoster(): Promise<Enlisted[]> {
    return this.#roster.readAll();
  }

  async projectMembers(changes: readonly MemberRow[]): Promise<void> {
    await this.#projections.projectMembers(changes);
  }

  readMembers(channel: ChannelId): Promise<MemberRow[]> {
    return this.#read("readMembers", [channel], (begun) => this.#projections.readMembers(channel, begun));
  }

  readUserChannels(user: UserId): Promise<MemberRow[]> {
    return this.#read("readUserChannels", [user], (begun) => this.#projections.readUserChannels(user, begun));
  }

  async annotate(rows: readonly AnnotationRow[]): Promise<void> {
    await this.#projections.annotate(rows);
  }

  readAnnotations(range: AnnotationRange): Promise<AnnotationRow[]> {
    const { channel, bucket, from, to } = range;
    const args = [channel, bucket, from, to];
    return this.#read("readAnnotations", args, (begun) =>
      this.#projections.readAnnotations({ ...range }, begun),
    );
  }

  async relate(rows: readonly RelatedRow[]): Promise<void> {
    await this.#projections.relate(rows);
  }

  readRelated(range: RelatedRange): Promise<RelatedRow[]> {
    const { channel, target, kind, after, limit, downward } = range;
    const args = [channel, target, kind, after, limit, downward];
    return this.#read("readRelated", args, (begun) => this.#projections.readRelated({ ...range }, begun));
  }

  async projectMarks(rows: readonly MarkRow[]): Promise<void> {
    await this.#projections.projectMarks(rows);
  }

  readMarks(user: UserId): Promise<MarkRow[]> {
    return this.#read("readMarks", [user], (begun) => this.#projections.readMarks(user, begun));
  }

  async erase(erasures: readonly Erasure[]): Promise<void> {
    await this.#log.erase(erasures);
  }

  close(): Promise<void> {
    return this.#requests.close();
  }

  /** What is asked in one turn is asked once, and so is what is asked while the first one waits. */
  #read<Value>(
    name: string,
    args: readonly (string | number | boolean)[],
    query: (begun: () => void) => Promise<Value>,
  ): Promise<Value> {
    return this.#reads.read(name, args, async (begun) => {
      await new Promise<void>((resolve) => this.#clock.endOfTurn(resolve));
      return query(begun);
    });
  }
}
