/** A key with its value, as the coordinator keeps it. */
export interface Entry {
  readonly key: string;
  readonly value: string;
  /** Revision of the write that gave it this value. */
  readonly revision: number;
}

/** What holds for a key before a transaction may commit. */
export interface Condition {
  readonly key: string;
  /** Revision of its present value; 0: the key does not exist. */
  readonly revision: number;
}

/** All or nothing; at most 128 conditions and 128 writes (etcd's default bound). */
export interface Transaction {
  readonly when?: readonly Condition[];
  readonly put?: readonly { readonly key: string; readonly value: string; readonly lease?: Lease }[];
  readonly remove?: readonly string[];
}

/** Keys that live as long as somebody keeps them alive. */
export interface Lease {
  readonly id: string;
  /**
   * Starts the lease's time anew. Rejects with `LeaseLost` only if the coordinator says that it is gone; any
   * other error says nothing about it.
   */
  keepAlive(): Promise<void>;
  /** Ends the lease and its keys now. */
  revoke(): Promise<void>;
}

export class LeaseLost extends Error {}

/** Learns what happens below a prefix, in the order in which it happens. */
export interface Watcher {
  /** All entries, at the beginning and again after every interruption. Replaces all that was known. */
  snapshot(entries: readonly Entry[]): void;
  /** What one transaction or expiry changed. */
  changed(puts: readonly Entry[], removed: readonly string[]): void;
}

export interface Watch {
  cancel(): void;
}

/** Agreement between processes: etcd, or memory within one process. */
export interface Coordinator {
  read(prefix: string): Promise<Entry[]>;
  /**
   * Commits if all conditions hold; the revision of its writes, or undefined if it did not commit. Rejects
   * with `invalid_argument` or `LeaseLost` if it is certain that it did not commit. After any other rejection
   * it may have committed or not, or commit later still: whoever goes on reads what is there, or names
   * conditions that its own first attempt would break.
   */
  transact(transaction: Transaction): Promise<number | undefined>;
  /** Once the watch is cancelled, nothing more is told. */
  watch(prefix: string, watcher: Watcher): Watch;
  /** The time may be lengthened: to whole seconds, and to what the coordinator has for its shortest. */
  grantLease(ttlMs: number): Promise<Lease>;
  close(): Promise<void>;
}

/** Most conditions, and most writes, of one transaction. */
export const transactionOpsMax = 128;
