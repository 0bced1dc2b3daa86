import type { ChannelId, UserId } from "../../ids/ids.js";
import {
  type Append,
  type Bucket,
  type BucketEntry,
  Fenced,
  type LogRow,
  type LogStore,
  type MemberRow,
  type MessageKey,
  type RowRange,
} from "../log-store.js";
import type { Erasure } from "../projection-store.js";
import type { Enlisted } from "../roster-store.js";
import { MemoryProjections, within } from "./memory-projections.js";
import { Partition } from "./partition.js";

interface Channel {
  readonly partitions: Map<Bucket, Partition>;
  /** By ascending epoch, then `firstSeq`. */
  readonly map: BucketEntry[];
}

/** Channel logs in memory. Each method takes effect within the call and shares nothing with its caller. */
export class MemoryLog extends MemoryProjections implements LogStore {
  readonly #channels = new Map<ChannelId, Channel>();
  readonly #fenced = new Set<string>();
  readonly #roster = new Map<string, string>();
  readonly #members = new Map<ChannelId, Map<UserId, MemberRow>>();
  readonly #userChannels = new Map<UserId, Map<ChannelId, MemberRow>>();

  async append(incarnation: string, append: Append): Promise<void> {
    this.#refuseFenced(incarnation);
    const { partitions } = this.#channel(append.channel);
    within(partitions, append.bucket, () => new Partition()).append(append);
  }

  async listBucket(incarnation: string, channel: ChannelId, entry: BucketEntry): Promise<void> {
    this.#refuseFenced(incarnation);
    const { map } = this.#channel(channel);
    if (map.some(({ epoch, bucket }) => epoch === entry.epoch && bucket === entry.bucket)) return;
    map.push({ ...entry });
    map.sort((a, b) => a.epoch - b.epoch || a.firstSeq - b.firstSeq || a.bucket - b.bucket);
  }

  async readBuckets(channel: ChannelId): Promise<BucketEntry[]> {
    return (this.#channels.get(channel)?.map ?? []).map((entry) => ({ ...entry }));
  }

  async readRows(range: RowRange): Promise<LogRow[]> {
    return this.#channels.get(range.channel)?.partitions.get(range.bucket)?.read(range) ?? [];
  }

  async findKeys(
    channel: ChannelId,
    bucket: Bucket,
    author: string,
    clientMsgId: string,
  ): Promise<MessageKey[]> {
    return this.#channels.get(channel)?.partitions.get(bucket)?.findKeys(author, clientMsgId) ?? [];
  }

  async fence(incarnation: string): Promise<void> {
    this.#fenced.add(incarnation);
  }

  async enlist({ incarnation, generation }: Enlisted): Promise<void> {
    this.#roster.set(incarnation, generation);
  }

  async delist(incarnation: string): Promise<void> {
    this.#roster.delete(incarnation);
  }

  async readRoster(): Promise<Enlisted[]> {
    return [...this.#roster].map(([incarnation, generation]) => ({ incarnation, generation }));
  }

  async confirm(incarnation: string): Promise<void> {
    this.#refuseFenced(incarnation);
  }

  async projectMembers(changes: readonly MemberRow[]): Promise<void> {
    for (const change of changes) {
      const users = within(this.#members, change.channel, () => new Map<UserId, MemberRow>());
      if (change.id <= (users.get(change.user)?.id ?? Number.NEGATIVE_INFINITY)) continue;
      const row = { ...change };
      users.set(row.user, row);
      within(this.#userChannels, row.user, () => new Map<ChannelId, MemberRow>()).set(row.channel, row);
    }
  }

  async readMembers(channel: ChannelId): Promise<MemberRow[]> {
    return copies(this.#members.get(channel));
  }

  async readUserChannels(user: UserId): Promise<MemberRow[]> {
    return copies(this.#userChannels.get(user));
  }

  async erase(erasures: readonly Erasure[]): Promise<void> {
    for (const erasure of erasures) {
      const { partitions } = this.#channel(erasure.channel);
      within(partitions, erasure.bucket, () => new Partition()).erase(erasure);
    }
  }

  #refuseFenced(incarnation: string): void {
    if (this.#fenced.has(incarnation)) throw new Fenced(`incarnation ${incarnation} has been fenced`);
  }

  #channel(id: ChannelId): Channel {
    return within(this.#channels, id, () => ({ partitions: new Map(), map: [] }));
  }
}

function copies(rows: Map<string, MemberRow> | undefined): MemberRow[] {
  return [...(rows?.values() ?? [])].map((row) => ({ ...row }));
}
