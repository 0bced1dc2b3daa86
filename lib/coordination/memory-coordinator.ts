import type { Clock } from "../clock/clock.js";
import { ConfabError } from "../errors/errors.js";
import { checkTransaction } from "./check-transaction.js";
import {
  type Coordinator,
  type Entry,
  type Lease,
  LeaseLost,
  type Transaction,
  type Watch,
  type Watcher,
} from "./coordinator.js";
import { MemoryLeases } from "./memory-leases.js";
import { MemoryWatch } from "./memory-watch.js";

/**
 * Agreement within one process, forgotten with it. What a call changes it changes at once; watchers hear of
 * it at the end of the turn. Revisions count as in etcd: every transaction that changes something has its
 * own.
 */
export class MemoryCoordinator implements Coordinator {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  readonly #watches = new Set<MemoryWatch>();
  readonly #leases: MemoryLeases;
  #revision = 1;
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#leases = new MemoryLeases(clock, (keys) => this.#commit([], keys));
  }

  async read(prefix: string): Promise<Entry[]> {
    this.#checkOpen();
    return this.#below(prefix);
  }

  async transact(transaction: Transaction): Promise<number | undefined> {
    this.#checkOpen();
    checkTransaction(transaction);
    const { when = [], put = [], remove = [] } = transaction;
    const holds = when.every(({ key, revision }) => (this.#entries.get(key)?.revision ?? 0) === revision);
    if (!holds) return undefined;
    for (const { lease } of put) if (lease) this.#leases.check(lease.id);
    for (const key of remove) this.#leases.bind(key, undefined);
    for (const { key, lease } of put) this.#leases.bind(key, lease?.id);
    this.#commit(put, remove);
    return this.#revision;
  }

  watch(prefix: string, watcher: Watcher): Watch {
    this.#checkOpen();
    const watch = new MemoryWatch(this.#clock, prefix, watcher, {
      read: () => this.#below(prefix),
      ended: () => this.#watches.delete(watch),
    });
    this.#watches.add(watch);
    return watch;
  }

  async grantLease(ttlMs: number): Promise<Lease> {
    this.#checkOpen();
    const id = this.#leases.grant(ttlMs);
    return {
      id,
      keepAlive: async () => {
        if (this.#closed) throw new LeaseLost(`lease ${id} ended with its coordinator`);
        this.#leases.keepAlive(id);
      },
      revoke: async () => this.#leases.end(id),
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#leases.close();
    for (const watch of [...this.#watches]) watch.cancel();
  }

  #commit(put: readonly { readonly key: string; readonly value: string }[], remove: readonly string[]): void {
    const removed = remove.filter((key) => this.#entries.delete(key));
    if (put.length + removed.length === 0) return;
    const revision = ++this.#revision;
    const puts = put.map(({ key, value }) => ({ key, value, revision }));
    for (const entry of puts) this.#entries.set(entry.key, entry);
    for (const watch of this.#watches) watch.note(puts, removed);
  }

  #below(prefix: string): Entry[] {
    const found = [...this.#entries.values()].filter(({ key }) => key.startsWith(prefix));
    return found.sort((one, other) => (one.key < other.key ? -1 : 1));
  }

  #checkOpen(): void {
    if (this.#closed) throw new ConfabError("unavailable", "", "the coordinator was closed");
  }
}
