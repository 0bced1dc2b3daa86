import type { ChannelId, ConversationId, UserId, WorkspaceId } from "../../lib/ids/ids.js";
import type {
  ConversationRow,
  DirectoryStore,
  TokenRow,
  UserRow,
  WorkspaceRow,
} from "../../lib/store/directory-store.js";
import {
  type Append,
  type Bucket,
  type BucketEntry,
  Fenced,
  type MemberRow,
  type RowRange,
} from "../../lib/store/log-store.js";
import type {
  AnnotationRange,
  AnnotationRow,
  Erasure,
  MarkRow,
  RelatedRange,
  RelatedRow,
} from "../../lib/store/projection-store.js";
import type { Enlisted } from "../../lib/store/roster-store.js";
import type { Store } from "../../lib/store/store.js";
import { copy } from "./copy.js";
import type { SimNode } from "./node.js";
import { type StoreFaults, StoreWire } from "./store-wire.js";
import type { WriteLedger } from "./write-ledger.js";

/** What the stores of one run share. */
export interface StoreOptions {
  /** Holds the data; takes effect within the call, fences included, and keeps nothing of its arguments. */
  readonly shared: Store;
  /** May be changed at any time. */
  readonly faults: StoreFaults;
  /** Told of every append at the moment when it can be read. */
  readonly appended: (append: Append) => void;
  /** Notes what is in flight. */
  readonly ledger?: WriteLedger;
}

/** The store as one process has it: asynchronous, and not always of use. */
export class SimStore implements Store {
  private readonly wire: StoreWire;
  private readonly directory: DirectoryStore;

  constructor(
    private readonly node: SimNode,
    private readonly options: StoreOptions,
  ) {
    this.wire = new StoreWire(node, options.shared, options.faults);
    this.directory = options.shared;
  }

  append(incarnation: string, append: Append): Promise<void> {
    const sent = copy(append);
    const act = (part: Append) => async (store: Store) => {
      await this.noting(store.append(incarnation, part));
      this.options.appended(part);
    };
    const write = this.wire.write("append", act(sent), (store) => act(this.partOf(sent))(store));
    return this.options.ledger?.during(incarnation, append.channel, write) ?? write;
  }

  listBucket(incarnation: string, channel: ChannelId, entry: BucketEntry): Promise<void> {
    const sent = copy(entry);
    const write = this.wire.write("listBucket", (store) =>
      this.noting(store.listBucket(incarnation, channel, sent)),
    );
    return this.options.ledger?.during(incarnation, channel, write) ?? write;
  }

  readBuckets(channel: ChannelId) {
    return this.wire.read("readBuckets", (store) => store.readBuckets(channel));
  }

  readRows(range: RowRange) {
    const sent = copy(range);
    return this.wire.read("readRows", (store) => store.readRows(sent));
  }

  findKeys(channel: ChannelId, bucket: Bucket, author: string, clientMsgId: string) {
    return this.wire.read("findKeys", (store) => store.findKeys(channel, bucket, author, clientMsgId));
  }

  fence(incarnation: string): Promise<void> {
    return this.wire.write("fence", (store) => store.fence(incarnation));
  }

  confirm(incarnation: string): Promise<void> {
    return this.wire.read("confirm", (store) => this.noting(store.confirm(incarnation)));
  }

  enlist(enlisted: Enlisted): Promise<void> {
    const sent = copy(enlisted);
    return this.wire.write("enlist", (store) => store.enlist(sent));
  }

  delist(incarnation: string): Promise<void> {
    return this.wire.write("delist", (store) => store.delist(incarnation));
  }

  readRoster() {
    return this.wire.read("readRoster", (store) => store.readRoster());
  }

  projectMembers(changes: readonly MemberRow[]): Promise<void> {
    const sent = copy(changes);
    return this.wire.write("projectMembers", (store) => store.projectMembers(sent));
  }

  readMembers(channel: ChannelId) {
    return this.wire.read("readMembers", (store) => store.readMembers(channel));
  }

  readUserChannels(user: UserId) {
    return this.wire.read("readUserChannels", (store) => store.readUserChannels(user));
  }

  annotate(rows: readonly AnnotationRow[]): Promise<void> {
    const sent = copy(rows);
    return this.wire.write("annotate", (store) => store.annotate(sent));
  }

  readAnnotations(range: AnnotationRange) {
    const sent = copy(range);
    return this.wire.read("readAnnotations", (store) => store.readAnnotations(sent));
  }

  relate(rows: readonly RelatedRow[]): Promise<void> {
    const sent = copy(rows);
    return this.wire.write("relate", (store) => store.relate(sent));
  }

  readRelated(range: RelatedRange) {
    const sent = copy(range);
    return this.wire.read("readRelated", (store) => store.readRelated(sent));
  }

  projectMarks(rows: readonly MarkRow[]): Promise<void> {
    const sent = copy(rows);
    return this.wire.write("projectMarks", (store) => store.projectMarks(sent));
  }

  readMarks(user: UserId) {
    return this.wire.read("readMarks", (store) => store.readMarks(user));
  }

  erase(erasures: readonly Erasure[]): Promise<void> {
    const sent = copy(erasures);
    return this.wire.write("erase", (store) => store.erase(sent));
  }

  createWorkspace(row: WorkspaceRow) {
    return this.wire.write("createWorkspace", () => this.directory.createWorkspace(row));
  }

  findWorkspace(id: WorkspaceId) {
    return this.wire.read("findWorkspace", () => this.directory.findWorkspace(id));
  }

  createUser(row: UserRow) {
    return this.wire.write("createUser", () => this.directory.createUser(row));
  }

  findUser(id: UserId) {
    return this.wire.read("findUser", () => this.directory.findUser(id));
  }

  findUserByName(workspace: WorkspaceId, name: string) {
    return this.wire.read("findUserByName", () => this.directory.findUserByName(workspace, name));
  }

  listUsers(workspace: WorkspaceId, after: string, limit: number) {
    return this.wire.read("listUsers", () => this.directory.listUsers(workspace, after, limit));
  }

  createToken(row: TokenRow) {
    return this.wire.write("createToken", () => this.directory.createToken(row));
  }

  findToken(hash: string) {
    return this.wire.read("findToken", () => this.directory.findToken(hash));
  }

  createConversation(row: ConversationRow) {
    return this.wire.write("createConversation", () => this.directory.createConversation(row));
  }

  findConversation(id: ConversationId) {
    return this.wire.read("findConversation", () => this.directory.findConversation(id));
  }

  findConversationByName(workspace: WorkspaceId, name: string) {
    return this.wire.read("findConversationByName", () =>
      this.directory.findConversationByName(workspace, name),
    );
  }

  listConversations(
    workspace: WorkspaceId,
    types: readonly ConversationRow["type"][],
    after: string,
    limit: number,
  ) {
    return this.wire.read("listConversations", () =>
      this.directory.listConversations(workspace, types, after, limit),
    );
  }

  /** The data stay: they are shared. */
  async close(): Promise<void> {}

  /** Some of the rows of an append, with their keys; none if it has only one. */
  private partOf(append: Append): Append {
    const { random } = this.node;
    const from = random.below(append.rows.length);
    const rows = append.rows.slice(from, from + random.below(append.rows.length - 1) + 1);
    if (append.rows.length < 2) return { ...append, rows: [], keys: [] };
    const kept = new Set(rows.map(({ seq }) => seq));
    return { ...append, rows, keys: append.keys.filter(({ seq }) => kept.has(seq)) };
  }

  private async noting(outcome: Promise<void>): Promise<void> {
    try {
      await outcome;
    } catch (error) {
      if (error instanceof Fenced) this.node.world.coverage.hit("store.fenced");
      throw error;
    }
  }
}
