import type { Etcd3, ITxnRequest } from "etcd3";
import { checkTransaction } from "../check-transaction.js";
import type { Condition, Coordinator, Entry, Lease, Transaction, Watch, Watcher } from "../coordinator.js";
import { Endpoints } from "./endpoints.js";
import { grantEtcdLease } from "./etcd-lease.js";
import { EtcdWatch } from "./etcd-watch.js";
import { Keyspace } from "./keyspace.js";
import type { EtcdParts, EtcdTarget } from "./options.js";
import { Silences } from "./silences.js";

/**
 * Agreement between processes through etcd. Of its client only the plain calls are used: see
 * docs/decisions/etcd-client.md.
 */
export class EtcdCoordinator implements Coordinator {
  readonly #endpoints: Endpoints;
  readonly #keyspace: Keyspace;
  readonly #watches = new Set<EtcdWatch>();
  readonly #silences: Silences;

  constructor(
    target: EtcdTarget,
    private readonly parts: EtcdParts,
  ) {
    this.#endpoints = new Endpoints(target, parts.random);
    this.#keyspace = new Keyspace(target.prefix);
    this.#silences = new Silences(parts.clock, parts.log);
  }

  async read(prefix: string): Promise<Entry[]> {
    return (await this.#keyspace.read(this.#endpoints, prefix)).entries;
  }

  async transact(transaction: Transaction): Promise<number | undefined> {
    checkTransaction(transaction);
    const request = this.#requestOf(transaction);
    const { succeeded, header } = await this.#endpoints.once(({ kv }: Etcd3) => kv.txn(request));
    return succeeded ? Number(header.revision) : undefined;
  }

  watch(prefix: string, watcher: Watcher): Watch {
    const common = { endpoints: this.#endpoints, keyspace: this.#keyspace, silences: this.#silences };
    void this.#endpoints.current;
    const watch = new EtcdWatch({ ...this.parts, ...common, prefix, watcher });
    this.#watches.add(watch);
    return {
      cancel: () => {
        this.#watches.delete(watch);
        watch.cancel();
      },
    };
  }

  grantLease(ttlMs: number): Promise<Lease> {
    return grantEtcdLease(this.#endpoints, ttlMs);
  }

  async close(): Promise<void> {
    for (const watch of this.#watches) watch.cancel();
    this.#watches.clear();
    this.#endpoints.close();
  }

  #requestOf({ when = [], put = [], remove = [] }: Transaction): ITxnRequest {
    const puts = put.map(({ key, value, lease }) => ({
      request_put: { key: this.#keyspace.key(key), value: Buffer.from(value), lease: lease?.id ?? "0" },
    }));
    const removes = remove.map((key) => ({ request_delete_range: { key: this.#keyspace.key(key) } }));
    return { compare: when.map((condition) => this.#compare(condition)), success: [...puts, ...removes] };
  }

  #compare({ key, revision }: Condition) {
    const common = { key: this.#keyspace.key(key), result: "Equal" as const };
    if (revision === 0) return { ...common, target: "Create" as const, create_revision: "0" };
    return { ...common, target: "Mod" as const, mod_revision: String(revision) };
  }
}
