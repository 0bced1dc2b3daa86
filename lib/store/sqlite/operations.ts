import type { EventId } from "../../ids/ids.js";
import type { DirectoryStore } from "../directory-store.js";
import type { Append, LogStore, MessageKey, RowRange } from "../log-store.js";
import type { PackedRows } from "./packed-rows.js";

type Synchronous<Methods> = {
  [Name in keyof Methods]: Methods[Name] extends (...args: infer Args) => Promise<infer Result>
    ? (...args: Args) => Result
    : never;
};

export type DirectoryOperations = Synchronous<DirectoryStore>;

/** An append as it goes to the worker. */
export interface PackedAppend extends Omit<Append, "rows" | "keys"> {
  readonly rows: PackedRows;
  readonly keys: readonly (MessageKey & { readonly written: EventId })[];
}

export interface LogOperations extends Synchronous<Omit<LogStore, "append" | "readRows">> {
  append(incarnation: string, append: PackedAppend): void;
  readRows(range: RowRange): PackedRows;
}

/** What the worker can do: the methods of the store, at once. */
export type Operations = LogOperations & DirectoryOperations;

export type OperationName = keyof Operations;

/** Operations that run in the batch's transaction, before the others. */
export const writes: ReadonlySet<OperationName> = new Set([
  ...(["append", "listBucket", "fence", "enlist", "delist", "projectMembers"] as const),
  ...(["annotate", "relate", "projectMarks", "erase"] as const),
  ...(["createWorkspace", "createUser", "createToken", "createConversation"] as const),
]);

/** One operation of a batch. */
export interface Request {
  readonly name: OperationName;
  readonly args: readonly unknown[];
}

/** What kept an operation from being done: how sure it is that nothing was written. */
export type FailureKind = "fenced" | "not written" | "unknown";

/** The outcome of the request at the same place of the batch. */
export type Outcome =
  | { readonly value: unknown }
  | { readonly failure: FailureKind; readonly message: string };

/** The outcomes of a batch, and how many transactions it took. */
export interface BatchResult {
  readonly outcomes: readonly Outcome[];
  readonly transactions: number;
}
