import type { Store } from "../../../lib/store/store.js";
import type { Server } from "../../../tools/checks/server.js";

/** What the end-to-end tests can run against. */
export const targetNames = ["local", "mesh"] as const;
export type TargetName = (typeof targetNames)[number];

/** All that is stored, by table, each row in JSON. */
export type Rows = Readonly<Record<string, readonly string[]>>;

/** Makes users in a store; resolves with the token of one of them. */
export type SignUp = (store: Store) => Promise<string>;

/** Services that tests reach by their addresses, and what tests do to them besides. */
export interface Target {
  /** Where it is, once it has been started; the token is the one that `signUp` gave. */
  readonly server: Server;
  /** Starts it, where that has not been done for other tests, and has users made. */
  start(signUp: SignUp): Promise<void>;
  /**
   * Looks into the store, past the services. Where only one process may have it open, they are ended for that
   * and started again: connections end and addresses change.
   */
  withStore<Result>(use: (store: Store) => Promise<Result>): Promise<Result>;
  /** All that is stored, without what owners keep for themselves; to services it does the same. */
  rows(): Promise<Rows>;
  /** Ends what owns channels in the middle of whatever it does, and starts it again on what was stored. */
  killAndRestart(): Promise<void>;
  /** Ends it, unless other tests share it. Safe to call twice, and before the start. */
  close(): Promise<void>;
}

/** Tables in which owners keep what they write anew in each of their terms. */
export const tablesOfOwners: ReadonlySet<string> = new Set(["fenced", "roster", "channel_buckets"]);

/** A row without what an owner changes that writes the last append of the one before it again. */
export function contentOf(row: Readonly<Record<string, unknown>>): string {
  const { epoch, written, first, last, projected, ...content } = row;
  const plain = (_name: string, value: unknown) =>
    value instanceof Uint8Array || value instanceof ArrayBuffer
      ? Buffer.from(new Uint8Array(value)).toString("hex")
      : value;
  return JSON.stringify(content, plain);
}
