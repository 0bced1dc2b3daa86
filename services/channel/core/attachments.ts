import type { ChannelId } from "../../../lib/ids/ids.js";
import { packHigh, packLow, unpackId } from "../../../lib/ids/packed-id.js";
import { slotOf } from "../../../lib/ring/slot.js";
import { IdTable } from "../../../lib/tables/id-table.js";
import { Records } from "../../../lib/tables/records.js";

/** Most attachments of one server: 1 GiB of records and about as much of tables. */
const attachmentsMax = 2 ** 25;

/** Fields of an attachment: its channel, its link, its alias, and its neighbours in two lists. */
const [idHigh, idLow, ofSlot, ofLink, aliasField, nextOfChannel, olderOfLink, newerOfLink] = [
  0, 1, 2, 3, 4, 5, 6, 7,
];

/**
 * Which channels are attached by which links, in typed arrays: some 60 bytes a channel, and no limit at the
 * 2^24 entries of a `Map`. It knows channels by their ids alone, whether they are in memory or not.
 *
 * Each slot has a hash table of its own, from the channel to the first of its attachments. A table that grows
 * holds up the server for no longer than one slot's channels take (4,000 of 16 million channels: below a
 * millisecond), and what is attached of a slot that is lost lies in one place: to find it is a scan of
 * that slot's table alone. Links are numbered from 0; each number is given again once it is released.
 */
export class Attachments {
  readonly #slots: (IdTable | undefined)[] = [];
  readonly #records = new Records(8);
  /** Newest attachment of each link, 0 for none. */
  readonly #newest: number[] = [];
  readonly #freeLinks: number[] = [];
  /** Links that closed but have attachments still. */
  readonly #closing: number[] = [];

  constructor(private readonly sizeMax = attachmentsMax) {}

  /** How many there are, those of closed links that are not released yet included. */
  get size(): number {
    return this.#records.size;
  }

  /** What the arrays take. */
  get bytes(): number {
    return this.#slots.reduce((sum, table) => sum + (table?.bytes ?? 0), this.#records.bytes);
  }

  openLink(): number {
    const link = this.#freeLinks.pop() ?? this.#newest.length;
    this.#newest[link] = 0;
    return link;
  }

  /** The link's attachments are void from now on and go with calls of `releaseSome`. */
  closeLink(link: number): void {
    this.#closing.push(link);
  }

  /**
   * Lets go of so many attachments of closed links; true if there are more. Each costs about a microsecond,
   * so that a link with a million of them must not go in one piece.
   */
  releaseSome(count: number): boolean {
    for (let left = count; left > 0 && this.#closing.length > 0; left--) {
      const link = this.#closing[this.#closing.length - 1]!;
      if (this.#newest[link] !== 0) this.#remove(this.#newest[link]!);
      else this.#freeLinks.push(this.#closing.pop()!);
    }
    return this.#closing.length > 0;
  }

  /** The alias that the link has for the channel; 0 if it has not attached it. */
  aliasOf(link: number, channel: ChannelId): number {
    const record = this.#find(link, channel);
    return record === 0 ? 0 : this.#aliasOf(record);
  }

  /** Adds what is not there yet; false if there are too many. */
  add(link: number, channel: ChannelId, alias: number): boolean {
    if (this.size >= this.sizeMax) return false;
    const [high, low, slot] = [packHigh(channel), packLow(channel), slotOf(channel)];
    const records = this.#records;
    this.#slots[slot] ??= new IdTable();
    const table = this.#slots[slot];
    const record = records.add();
    const older = this.#newest[link]!;
    records.set(record, idHigh, high);
    records.set(record, idLow, low);
    records.set(record, ofSlot, slot);
    records.set(record, ofLink, link);
    records.set(record, aliasField, alias);
    records.set(record, nextOfChannel, table.get(high, low));
    records.set(record, olderOfLink, older);
    records.set(record, newerOfLink, 0);
    if (older !== 0) records.set(older, newerOfLink, record);
    this.#newest[link] = record;
    table.set(high, low, record);
    return true;
  }

  remove(link: number, channel: ChannelId): void {
    const record = this.#find(link, channel);
    if (record !== 0) this.#remove(record);
  }

  /** Calls for each link that has the channel attached; they must not change meanwhile. */
  forEach(channel: ChannelId, call: (link: number, alias: number) => void): void {
    for (let record = this.#first(channel); record !== 0; record = this.#records.get(record, nextOfChannel)) {
      call(this.#records.get(record, ofLink), this.#aliasOf(record));
    }
  }

  /** Removes all attachments of a slot's channels, and tells of each. */
  takeSlot(slot: number, call: (link: number, channel: ChannelId) => void): void {
    const heads: number[] = [];
    this.#slots[slot]?.forEach((_high, _low, head) => void heads.push(head));
    for (const head of heads) {
      for (let record = head; record !== 0; ) {
        const next = this.#records.get(record, nextOfChannel);
        call(this.#records.get(record, ofLink), this.#channelOf(record));
        this.#removeFromLink(record);
        this.#records.remove(record);
        record = next;
      }
    }
    this.#slots[slot] = undefined;
  }

  /** Removes all attachments of a link that stays open, and tells of each. */
  takeLink(link: number, call: (channel: ChannelId) => void): void {
    for (let record = this.#newest[link]!; record !== 0; record = this.#newest[link]!) {
      call(this.#channelOf(record));
      this.#remove(record);
    }
  }

  #first(channel: ChannelId): number {
    return this.#slots[slotOf(channel)]?.get(packHigh(channel), packLow(channel)) ?? 0;
  }

  #find(link: number, channel: ChannelId): number {
    let record = this.#first(channel);
    while (record !== 0 && this.#records.get(record, ofLink) !== link) {
      record = this.#records.get(record, nextOfChannel);
    }
    return record;
  }

  #remove(record: number): void {
    this.#removeFromChannel(record);
    this.#removeFromLink(record);
    this.#records.remove(record);
  }

  #removeFromChannel(record: number): void {
    const records = this.#records;
    const [high, low] = [records.get(record, idHigh), records.get(record, idLow)];
    const slot = records.get(record, ofSlot);
    const table = this.#slots[slot]!;
    const next = records.get(record, nextOfChannel);
    let before = table.get(high, low);
    if (before !== record) {
      while (records.get(before, nextOfChannel) !== record) before = records.get(before, nextOfChannel);
      records.set(before, nextOfChannel, next);
    } else if (next !== 0) table.set(high, low, next);
    else table.delete(high, low);
    if (table.size === 0) this.#slots[slot] = undefined;
  }

  #removeFromLink(record: number): void {
    const records = this.#records;
    const [older, newer] = [records.get(record, olderOfLink), records.get(record, newerOfLink)];
    if (older !== 0) records.set(older, newerOfLink, newer);
    if (newer !== 0) records.set(newer, olderOfLink, older);
    else this.#newest[records.get(record, ofLink)] = older;
  }

  #channelOf(record: number): ChannelId {
    return unpackId(this.#records.get(record, idHigh), this.#records.get(record, idLow));
  }

  #aliasOf(record: number): number {
    return this.#records.get(record, aliasField) >>> 0;
  }
}
