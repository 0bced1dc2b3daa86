import type { ChannelId, ConversationId, UserId, WorkspaceId } from "../../ids/ids.js";
import type { ConversationRow, TokenRow, UserRow, WorkspaceRow } from "../directory-store.js";
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
import { writtenOfKey } from "../written.js";
import { type BatchMeter, BatchQueue } from "./batch-queue.js";
import { FenceMemory } from "./fence-memory.js";
import type { OperationName, Operations } from "./operations.js";
import { packRows, unpackRows } from "./packed-rows.js";
import { Thread } from "./thread.js";

/** About how many bytes an operation takes in the queue, and a row of one beside its event. */
const operationBytes = 256;

/** Operations that write rows of one kind. */
type RowsName = "projectMembers" | "annotate" | "relate" | "projectMarks" | "erase";

/** Opens the store in the folder, or makes it. Rejects if another server uses it, or a newer one did. */
export async function openSqliteStore(options: {
  readonly folder: string;
  readonly meter?: BatchMeter;
}): Promise<SqliteStore> {
  return new SqliteStore(await Thread.start(options.folder), options.meter);
}

/** The store in one SQLite database, held by one thread of this process. */
export class SqliteStore implements Store {
  readonly #queue: BatchQueue;
  readonly #fences = new FenceMemory();
  readonly #reads = new SharedReads();

  constructor(thread: ConstructorParameters<typeof BatchQueue>[0], meter?: BatchMeter) {
    this.#queue = new BatchQueue(thread, meter);
  }

  /** What the store has cost since it was opened, and how many operations wait or are under way. */
  stats(): { readonly transactions: number; readonly waiting: number } {
    return { transactions: this.#queue.transactions, waiting: this.#queue.length };
  }

  async append(incarnation: string, append: Append): Promise<void> {
    const rows = packRows(append.rows);
    const keys = append.keys.map((key) => ({ ...key, written: writtenOfKey(append, key) }));
    const bytes = operationBytes * (1 + rows.tuples.length + keys.length) + rows.events.byteLength;
    const { channel, bucket } = append;
    return this.#queue.submit("append", [incarnation, { channel, bucket, rows, keys }], bytes);
  }

  listBucket(incarnation: string, channel: ChannelId, entry: BucketEntry) {
    return this.#submit("listBucket", incarnation, channel, { ...entry });
  }

  readBuckets(channel: ChannelId) {
    return this.#read("readBuckets", [channel], channel);
  }

  async readRows(range: RowRange): Promise<LogRow[]> {
    const { channel, bucket, from, to, limit, downward } = range;
    const args = [channel, bucket, from, to, limit, downward];
    return unpackRows(await this.#read("readRows", args, { ...range }));
  }

  findKeys(channel: ChannelId, bucket: Bucket, author: string, clientMsgId: string) {
    return this.#submit("findKeys", channel, bucket, author, clientMsgId);
  }

  fence(incarnation: string) {
    this.#fences.fencing(incarnation);
    return this.#submit("fence", incarnation);
  }

  enlist(enlisted: Enlisted) {
    return this.#submit("enlist", { ...enlisted });
  }

  delist(incarnation: string) {
    return this.#submit("delist", incarnation);
  }

  readRoster() {
    return this.#submit("readRoster");
  }

  async confirm(incarnation: string) {
    if (this.#fences.isFree(incarnation)) return;
    await this.#submit("confirm", incarnation);
    this.#fences.foundFree(incarnation);
  }

  projectMembers(changes: readonly MemberRow[]) {
    return this.#submitRows("projectMembers", changes);
  }

  readMembers(channel: ChannelId) {
    return this.#read("readMembers", [channel], channel);
  }

  readUserChannels(user: UserId) {
    return this.#read("readUserChannels", [user], user);
  }

  annotate(rows: readonly AnnotationRow[]) {
    return this.#submitRows(
      "annotate",
      rows,
      sum(rows, ({ value }) => value.length),
    );
  }

  readAnnotations(range: AnnotationRange) {
    const { channel, bucket, from, to } = range;
    return this.#read("readAnnotations", [channel, bucket, from, to], { ...range });
  }

  relate(rows: readonly RelatedRow[]) {
    return this.#submitRows("relate", rows);
  }

  readRelated(range: RelatedRange) {
    const { channel, target, kind, after, limit, downward } = range;
    return this.#read("readRelated", [channel, target, kind, after, limit, downward], { ...range });
  }

  projectMarks(rows: readonly MarkRow[]) {
    return this.#submitRows("projectMarks", rows);
  }

  readMarks(user: UserId) {
    return this.#read("readMarks", [user], user);
  }

  erase(erasures: readonly Erasure[]) {
    const copy = erasures.map((erasure) => ({ ...erasure, event: new Uint8Array(erasure.event) }));
    return this.#submitRows(
      "erase",
      copy,
      sum(copy, ({ event }) => event.byteLength),
    );
  }

  createWorkspace(row: WorkspaceRow) {
    return this.#submit("createWorkspace", { ...row });
  }

  findWorkspace(id: WorkspaceId) {
    return this.#submit("findWorkspace", id);
  }

  createUser(row: UserRow) {
    return this.#submit("createUser", { ...row });
  }

  findUser(id: UserId) {
    return this.#submit("findUser", id);
  }

  findUserByName(workspace: WorkspaceId, name: string) {
    return this.#submit("findUserByName", workspace, name);
  }

  listUsers(workspace: WorkspaceId, after: string, limit: number) {
    return this.#submit("listUsers", workspace, after, limit);
  }

  createToken(row: TokenRow) {
    return this.#submit("createToken", { ...row });
  }

  findToken(hash: string) {
    return this.#submit("findToken", hash);
  }

  createConversation(row: ConversationRow) {
    return this.#submit("createConversation", { ...row });
  }

  findConversation(id: ConversationId) {
    return this.#submit("findConversation", id);
  }

  findConversationByName(workspace: WorkspaceId, name: string) {
    return this.#submit("findConversationByName", workspace, name);
  }

  listConversations(
    workspace: WorkspaceId,
    types: readonly ConversationRow["type"][],
    after: string,
    limit: number,
  ) {
    return this.#submit("listConversations", workspace, [...types], after, limit);
  }

  close(): Promise<void> {
    return this.#queue.close();
  }

  #submitRows<Name extends RowsName>(name: Name, rows: Parameters<Operations[Name]>[0], bytes = 0) {
    const args = [rows.map((row) => ({ ...row }))] as unknown as Parameters<Operations[Name]>;
    return this.#queue.submit(name, args, operationBytes * (1 + rows.length) + bytes);
  }

  /** Equal reads share one operation until it goes to the thread. */
  #read<Name extends OperationName>(
    name: Name,
    parts: readonly (string | number | boolean)[],
    ...args: Parameters<Operations[Name]>
  ) {
    return this.#reads.read(name, parts, (begun) => this.#queue.submit(name, args, operationBytes, begun));
  }

  #submit<Name extends OperationName>(name: Name, ...args: Parameters<Operations[Name]>) {
    return this.#queue.submit(name, args, operationBytes);
  }
}

function sum<Row>(rows: readonly Row[], bytes: (row: Row) => number): number {
  return rows.reduce((total, row) => total + bytes(row), 0);
}
