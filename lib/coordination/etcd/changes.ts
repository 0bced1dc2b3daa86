import type { IEvent, IWatchResponse } from "etcd3";
import type { Entry } from "../coordinator.js";
import type { Keyspace } from "./keyspace.js";

/** What one transaction or expiry changed. */
export interface Change {
  readonly puts: Entry[];
  readonly removed: string[];
}

/**
 * Puts together what belongs together: one response may hold the changes of several revisions, and those of
 * one revision may be spread over several responses (fragments).
 */
export class Changes {
  #held: IEvent[] = [];

  constructor(private readonly keyspace: Keyspace) {}

  /** Takes a response; the changes that are complete with it, one for each revision. */
  add({ events, fragment }: IWatchResponse): Change[] {
    this.#held.push(...events);
    if (fragment) return [];
    const changes: Change[] = [];
    let revision = "";
    for (const { type, kv } of this.#held) {
      if (kv.mod_revision !== revision) changes.push({ puts: [], removed: [] });
      revision = kv.mod_revision;
      const { puts, removed } = changes.at(-1)!;
      if (type === "Put") puts.push(this.keyspace.entryOf(kv));
      else removed.push(this.keyspace.nameOf(kv.key));
    }
    this.#held = [];
    return changes;
  }
}
