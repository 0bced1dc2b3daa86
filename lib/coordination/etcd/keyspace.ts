import { type Etcd3, type IKeyValue, Range } from "etcd3";
import type { Entry } from "../coordinator.js";
import type { Endpoints } from "./endpoints.js";

/** Most entries of one answer; what is longer is read in several, all at one revision. */
const pageEntriesMax = 1000;

/** Entries with the revision of the whole store at which they were read. */
export interface Reading {
  readonly entries: Entry[];
  readonly revision: number;
}

/** Our part of etcd's keys: those that begin with a prefix, which callers do not see. */
export class Keyspace {
  constructor(private readonly prefix: string) {}

  /** The key as etcd has it. */
  key(key: string): Buffer {
    return Buffer.from(this.prefix + key);
  }

  /** All keys that begin with this, as etcd wants it. */
  range(prefix: string): { key: Buffer; range_end: Buffer } {
    const { start, end } = Range.prefix(this.prefix + prefix);
    return { key: start, range_end: end };
  }

  /** The key as callers have it. */
  nameOf(key: Buffer): string {
    return key.toString().slice(this.prefix.length);
  }

  entryOf({ key, value, mod_revision }: IKeyValue): Entry {
    return { key: this.nameOf(key), value: value.toString(), revision: Number(mod_revision) };
  }

  /** All entries that begin with the prefix, as they are when the answer is given. */
  async read(endpoints: Endpoints, prefix: string): Promise<Reading> {
    return endpoints.repeatable((client) => this.#read(client, prefix));
  }

  async #read({ kv }: Etcd3, prefix: string): Promise<Reading> {
    const { key, range_end } = this.range(prefix);
    const entries: Entry[] = [];
    let next = { key, range_end, limit: pageEntriesMax, revision: "0" };
    for (;;) {
      const { kvs, more, header } = await kv.range(next);
      entries.push(...kvs.map((one) => this.entryOf(one)));
      const revision = next.revision === "0" ? header.revision : next.revision;
      const last = kvs.at(-1);
      if (!more || !last) return { entries, revision: Number(revision) };
      next = { ...next, key: Buffer.concat([last.key, Buffer.from([0])]), revision };
    }
  }
}
