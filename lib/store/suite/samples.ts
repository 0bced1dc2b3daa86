import assert from "node:assert/strict";
import { type ChannelId, type ConversationId, makeId, type UserId, type WorkspaceId } from "../../ids/ids.js";
import type { ConversationRow, UserRow } from "../directory-store.js";
import type { Append, LogRow, MessageKey, RowRange } from "../log-store.js";
import type { AnnotationRow, MarkRow, RelatedRow } from "../projection-store.js";
import type { Store } from "../store.js";

/** The store under test; the cases use ids of their own, so that one store serves them all. */
export type StoreOf = () => Store;

/** A real time in microseconds: large numbers must survive. */
export const startUs = 1_790_000_000_000_123;
/** Epochs are of the size of Unix milliseconds. */
export const firstEpoch = 1_790_000_000_000;

export const newChannel = () => makeId("C", Math.random) as ConversationId;
export const newUser = () => makeId("U", Math.random) as UserId;
export const newWorkspace = () => makeId("W", Math.random) as WorkspaceId;
/** A name that no other test has. */
export const newName = () => makeId("B", Math.random).toLowerCase();

/** A row of an append of one, in which everything that can be derived from `seq` is. */
export function logRow(seq: number, changes: Partial<LogRow> = {}): LogRow {
  return {
    seq,
    epoch: firstEpoch,
    id: startUs + seq,
    first: seq,
    last: seq,
    projected: seq - 1,
    told: seq - 1,
    messages: seq,
    kind: "message",
    author: "U0000000000A1",
    clientMsgId: `client-${seq}`,
    parentId: 0,
    targetId: 0,
    event: new TextEncoder().encode(`event ${seq}`),
    ...changes,
  };
}

/** Rows `from` to `to` as one append, each with its key. */
export function appendOf(
  channel: ChannelId,
  from: number,
  to: number,
  changes: Partial<LogRow> = {},
): Append & { readonly rows: LogRow[]; readonly keys: MessageKey[] } {
  const rows = [];
  for (let seq = from; seq <= to; seq++) rows.push(logRow(seq, { first: from, last: to, ...changes }));
  const keys = rows.map(({ author, clientMsgId, epoch, seq }) => ({
    author,
    clientMsgId,
    epoch,
    seq,
    bodyHash: `hash of ${seq}`,
  }));
  return { channel, bucket: startUs, rows, keys };
}

/** All rows of the bucket, upward. */
export function readAll(
  store: Store,
  channel: ChannelId,
  changes: Partial<RowRange> = {},
): Promise<LogRow[]> {
  const whole = {
    from: 1,
    to: Number.MAX_SAFE_INTEGER,
    limit: 10_000,
    bytesEnough: Number.POSITIVE_INFINITY,
    downward: false,
  };
  return store.readRows({ channel, bucket: startUs, ...whole, ...changes });
}

export function userRow(workspaceId: WorkspaceId, name: string, changes: Partial<UserRow> = {}): UserRow {
  const rest = { displayName: `${name} the user`, bot: false, deactivated: false, creator: "" };
  return { id: newUser(), workspaceId, name, ...rest, ...changes };
}

export function conversationRow(
  workspaceId: WorkspaceId,
  name: string,
  changes: Partial<ConversationRow> = {},
): ConversationRow {
  return {
    id: newChannel(),
    workspaceId,
    name,
    type: "public",
    topic: "",
    purpose: "to test",
    creator: newUser(),
    createdUs: startUs,
    archived: false,
    ...changes,
  };
}

/** A reaction to message `target`, put there by event `target + 1` unless told otherwise. */
export function annotation(target: number, changes: Partial<AnnotationRow> = {}): AnnotationRow {
  return {
    ...{ channel: newChannel(), bucket: startUs, target, kind: "reaction", author: newUser(), emoji: "+1" },
    ...{ seq: target + 1, id: startUs + target + 1, value: "1" },
    ...changes,
  };
}

/** A reply with this `seq` to the first message. */
export function relatedRow(seq: number, changes: Partial<RelatedRow> = {}): RelatedRow {
  const id = startUs + seq;
  return {
    ...{ channel: newChannel(), target: startUs + 1, kind: "reply", id, seq, messageId: id },
    ...{ author: newUser(), deleted: false, written: id },
    ...changes,
  };
}

/** A mark at this `seq`. */
export function mark(seq: number, changes: Partial<MarkRow> = {}): MarkRow {
  const id = startUs + seq;
  return { user: newUser(), channel: newChannel(), seq, id, messages: seq - 2, written: id + 1, ...changes };
}

/** Asserts that both have the same elements, in whatever order. */
export function assertSameSet<Element>(actual: readonly Element[], expected: readonly Element[]): void {
  const sorted = (all: readonly Element[]) => all.map((one) => JSON.stringify(one, sortedKeys)).sort();
  assert.deepEqual(sorted(actual), sorted(expected));
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
