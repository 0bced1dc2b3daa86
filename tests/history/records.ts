import { z } from "zod";

/**
 * When: milliseconds since the Unix epoch, or of the simulation; fractions count. Never falls from line to
 * line.
 */
const at = z.number();
const channel = z.string().min(1);
const conn = z.string().min(1);
const seq = z.int().min(0);

/** A durable event as somebody saw it. */
const event = z.strictObject({
  seq: seq.min(1),
  /** Microseconds since the Unix epoch. */
  id: z.int().min(1),
  /** Name of its kind, as in the `kind` of `confab.v1.Event`. */
  kind: z.string(),
  author: z.string(),
  /** Empty when the event has none. */
  clientMsgId: z.string(),
  /** What it says, or a hash of that: the same way in all of one history. */
  body: z.string(),
});

/**
 * The call ended: stored, refused (nothing changed), or nobody knows; `code` names the error or what was
 * waited for.
 */
const answer = z.discriminatedUnion("outcome", [
  z.strictObject({
    type: z.literal("answer"),
    at,
    call: z.string(),
    outcome: z.literal("ok"),
    seq,
    id: z.int(),
  }),
  z.strictObject({
    type: z.literal("answer"),
    at,
    call: z.string(),
    outcome: z.enum(["refused", "unknown"]),
    code: z.string(),
  }),
]);

const record = z.discriminatedUnion("type", [
  /** A call that posts begins. Every attempt of a retry is a call of its own. */
  z.strictObject({
    type: z.literal("post"),
    at,
    call: z.string(),
    channel,
    author: z.string(),
    clientMsgId: z.string(),
    body: z.string(),
    /** From 1. */
    attempt: z.int(),
  }),
  answer,
  /**
   * Rows that a second reader finds in the store. `live`: noted as soon as they can be read, so that the
   * place in the history is evidence; all epochs' rows. `end`: what readers are left with; one row for each
   * `seq`.
   */
  z.strictObject({
    type: z.literal("stored"),
    at,
    moment: z.enum(["live", "end"]),
    channel,
    rows: z.array(event),
  }),
  /** A client's connection begins. No name is used twice. */
  z.strictObject({ type: z.literal("connect"), at, conn, user: z.string() }),
  /** The client asks for a channel; `seq` is the last event that it has, absent: from now on. */
  z.strictObject({ type: z.literal("subscribe"), at, conn, channel, seq: seq.optional() }),
  /** The client is told that delivery begins behind `seq`. */
  z.strictObject({ type: z.literal("subscribed"), at, conn, channel, seq }),
  /** The client is told that delivery has ended. */
  z.strictObject({ type: z.literal("unsubscribed"), at, conn, channel }),
  /** A durable event reaches the client. */
  z.strictObject({ type: z.literal("deliver"), at, conn, channel, event }),
  /** A transient event reaches the client; `after` is the `seq` that it follows, where that is known. */
  z.strictObject({
    type: z.literal("transient"),
    at,
    conn,
    channel,
    kind: z.string(),
    after: seq.optional(),
  }),
  /** The client is told that it will not get these events by itself; both ends included. */
  z.strictObject({ type: z.literal("gap"), at, conn, channel, from: seq, to: seq }),
  /** The connection ended. */
  z.strictObject({ type: z.literal("disconnect"), at, conn }),
  /**
   * A page of history. Upward: events above `from`; downward: below it, 0 from the newest. `begun` is when
   * it was asked for, `newest` the newest `seq` by the answer.
   */
  z.strictObject({
    type: z.literal("read"),
    at,
    begun: z.number(),
    reader: z.string(),
    channel,
    downward: z.boolean(),
    from: seq,
    limit: z.int().min(1),
    newest: seq,
    events: z.array(event),
  }),
  /** Nothing is under way any more: connections that are open have all there is. */
  z.strictObject({ type: z.literal("quiet"), at }),
  /**
   * The channel's whole log, read through the API after everything else; several records follow one
   * another.
   */
  z.strictObject({ type: z.literal("finalLog"), at, channel, events: z.array(event) }),
]);

/** A durable event as somebody saw it. */
export type SeenEvent = z.infer<typeof event>;

/** One line of a history. */
export type HistoryRecord = z.infer<typeof record>;

/** The records of one type. */
export type RecordOf<Type extends HistoryRecord["type"]> = Extract<HistoryRecord, { type: Type }>;

/** Parses a line of a history; throws with what is wrong with it. */
export function parseRecord(line: string): HistoryRecord {
  const parsed = record.safeParse(JSON.parse(line));
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  return parsed.data;
}
