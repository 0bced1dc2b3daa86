import type { LogRow } from "../log-store.js";

/** Columns of a log row in the order of a `RowTuple`, without the event. */
export const tupleColumns =
  "seq, epoch, id, first, last, projected, told, messages, kind, author, client_msg_id, parent_id, target_id";

/** The fields of a log row, in the order of `tupleColumns`. */
export type RowTuple = [
  seq: number,
  epoch: number,
  id: number,
  first: number,
  last: number,
  projected: number,
  told: number,
  messages: number,
  kind: string,
  author: string,
  clientMsgId: string,
  parentId: number,
  targetId: number,
];

/**
 * Log rows as they cross between threads: the bytes of all events in one array of their own. A copy of an
 * array between threads takes all of the memory that the array is a view of, be it a pool of many.
 */
export interface PackedRows {
  readonly tuples: readonly RowTuple[];
  /** Where in `events` the event of each row ends; it begins where the one before ended. */
  readonly ends: readonly number[];
  readonly events: Uint8Array;
}

/** Packs the rows; nothing of the result is shared with them. */
export function packRows(rows: readonly LogRow[]): PackedRows {
  return pack(
    rows.map(toTuple),
    rows.map((row) => row.event),
  );
}

function toTuple(row: LogRow): RowTuple {
  return [
    row.seq,
    row.epoch,
    row.id,
    row.first,
    row.last,
    row.projected,
    row.told,
    row.messages,
    row.kind,
    row.author,
    row.clientMsgId,
    row.parentId,
    row.targetId,
  ];
}

/** @param events one for each tuple. */
export function pack(tuples: readonly RowTuple[], events: readonly Uint8Array[]): PackedRows {
  const ends: number[] = [];
  let end = 0;
  for (const event of events) {
    end += event.byteLength;
    ends.push(end);
  }
  const bytes = new Uint8Array(end);
  events.forEach((event, at) => {
    bytes.set(event, ends[at]! - event.byteLength);
  });
  return { tuples, ends, events: bytes };
}

/** A view of the event of row `at`. */
export function eventOf(packed: PackedRows, at: number): Uint8Array {
  return packed.events.subarray(packed.ends[at - 1] ?? 0, packed.ends[at]);
}

/** The rows again, each with bytes of its own, so that one that is kept does not keep the others' memory. */
export function unpackRows(packed: PackedRows): LogRow[] {
  return packed.tuples.map((tuple, at) => ({
    seq: tuple[0],
    epoch: tuple[1],
    id: tuple[2],
    first: tuple[3],
    last: tuple[4],
    projected: tuple[5],
    told: tuple[6],
    messages: tuple[7],
    kind: tuple[8],
    author: tuple[9],
    clientMsgId: tuple[10],
    parentId: tuple[11],
    targetId: tuple[12],
    event: eventOf(packed, at).slice(),
  }));
}
