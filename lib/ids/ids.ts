declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: { readonly [Key in Name]: true } };

/**
 * Anything that events are published to: a conversation (`C…`), a user (`U…`, `B…`) or a workspace (`W…`).
 */
export type ChannelId = Branded<string, "ChannelId">;
/** A conversation: `C` and 12 characters. */
export type ConversationId = ChannelId & Branded<string, "ConversationId">;
/** A user (`U…`) or bot (`B…`). */
export type UserId = ChannelId & Branded<string, "UserId">;
/** A workspace: `W` and 12 characters. */
export type WorkspaceId = ChannelId & Branded<string, "WorkspaceId">;
/** Number of an event in its channel, from 1, without a gap. */
export type Seq = number;
/** Microsecond of an event's creation since the Unix epoch, strictly increasing in its channel. */
export type EventId = number;
/** Term of an owner of a slot: one counter for the whole mesh, never reused. */
export type Epoch = number;

/** A place in a channel's log; `{seq: 0, id: 0}` is the place before the first event. */
export interface Position {
  seq: Seq;
  id: EventId;
}

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SHAPE = /^[WUCB][0-9A-HJKMNP-TV-Z]{12}$/;

/** Makes an id from 60 random bits: 12 characters of Crockford base32 behind the letter of its kind. */
export function makeId(kind: "W" | "U" | "C" | "B", random: () => number): string {
  let id: string = kind;
  for (let i = 0; i < 12; i++) id += CROCKFORD[Math.floor(random() * 32)];
  return id;
}

/** The id as a channel's, or undefined if it has not the shape of one. */
export function parseChannelId(text: string): ChannelId | undefined {
  return SHAPE.test(text) ? (text as ChannelId) : undefined;
}

/** The id as a conversation's, or undefined. */
export function parseConversationId(text: string): ConversationId | undefined {
  return text.startsWith("C") ? (parseChannelId(text) as ConversationId | undefined) : undefined;
}

/** The id as a user's or bot's, or undefined. */
export function parseUserId(text: string): UserId | undefined {
  return /^[UB]/.test(text) ? (parseChannelId(text) as UserId | undefined) : undefined;
}
