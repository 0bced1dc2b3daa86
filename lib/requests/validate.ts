import { ConfabError, type ErrorCode } from "../errors/errors.js";
import {
  type ChannelId,
  type ConversationId,
  parseChannelId,
  parseConversationId,
  parseUserId,
  type UserId,
} from "../ids/ids.js";
import { emojiBytesMax, pageEventsDefault, pageEventsMax } from "../limits/limits.js";

/** Most code points of a name to show or a label. */
export const displayCodePointsMax = 80;
/** Most code points of a topic. */
export const topicCodePointsMax = 250;
/** Most rows of a page. */
const pageRowsMax = 1000;
/** Rows of a page when the caller names no limit. */
const pageRowsDefault = 100;
/** Most characters of a page token; names of rows are shorter. */
const pageTokenCharsMax = 256;

/** A conversation's id. Throws `missing_argument` or `invalid_id`, as the next two do. */
export function conversationId(text: string, field: string): ConversationId {
  return parsed(text, field, parseConversationId);
}

/** A user's or bot's id. */
export function userId(text: string, field: string): UserId {
  return parsed(text, field, parseUserId);
}

/** The id of anything that has a log which callers may read: a conversation or a user. */
export function readableId(text: string, field: string): ChannelId {
  return parsed(text, field, (id) => (/^[CUB]/.test(id) ? parseChannelId(id) : undefined));
}

function parsed<Id>(text: string, field: string, parse: (text: string) => Id | undefined): Id {
  if (text === "") throw new ConfabError("missing_argument", field);
  return parse(text) ?? fail("invalid_id", field);
}

/** A conversation's name. Throws `missing_argument` or `invalid_name`. */
export function conversationName(text: string, field: string): string {
  if (text === "") throw new ConfabError("missing_argument", field);
  return /^[a-z0-9_-]{1,80}$/.test(text) ? text : fail("invalid_name", field);
}

/** A user's handle. Throws `missing_argument` or `invalid_name`. */
export function userName(text: string, field: string): string {
  if (text === "") throw new ConfabError("missing_argument", field);
  if (/^[a-z0-9._-]{1,80}$/.test(text)) return text;
  throw new ConfabError("invalid_name", field, `${field} must be 1 to 80 of a-z, 0-9, '.', '_' and '-'`);
}

/** The id of a message. Throws `missing_argument`. */
export function messageId(id: number, field: string): number {
  return id > 0 ? id : fail("missing_argument", field);
}

/** The newest event that was read. Throws `missing_argument`. */
export function markedSeq(seq: number, field: string): number {
  return seq > 0 ? seq : fail("missing_argument", field);
}

/** The name of an emoji: no colons, no blanks. Throws `missing_argument` or `invalid_argument`. */
export function emojiName(text: string, field: string): string {
  if (text === "") throw new ConfabError("missing_argument", field);
  const isName = isStorable(text) && !/[:\s]/u.test(text) && Buffer.byteLength(text) <= emojiBytesMax;
  return isName ? text : fail("invalid_argument", field);
}

/** A short text without a NUL, empty or not. Throws `invalid_argument`. */
export function shortText(text: string, codePointsMax: number, field: string): string {
  if (isStorable(text) && countCodePoints(text, codePointsMax) <= codePointsMax) return text;
  throw new ConfabError("invalid_argument", field, `${field} may have at most ${codePointsMax} characters`);
}

/** How many events of a page: 0 means the usual number. Throws `invalid_argument`. */
export function eventLimit(limit: number, field: string): number {
  return limitOf(limit, pageEventsDefault, pageEventsMax, field);
}

/** How many rows of a page: 0 means the usual number. Throws `invalid_argument`. */
export function rowLimit(limit: number, field: string): number {
  return limitOf(limit, pageRowsDefault, pageRowsMax, field);
}

function limitOf(limit: number, usual: number, max: number, field: string): number {
  if (limit <= max) return limit === 0 ? usual : limit;
  throw new ConfabError("invalid_argument", field, `${field} must be 1 to ${max}, or 0 for ${usual}`);
}

/** The `next` of a page before, or nothing for the first. Throws `invalid_argument`. */
export function pageToken(text: string, field: string): string {
  return text.length <= pageTokenCharsMax && isStorable(text) ? text : fail("invalid_argument", field);
}

/** Whether a text can be stored and comes back as it was: no NUL, no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !text.includes("\0") && !/\p{Surrogate}/u.test(text);
}

/** Code points of a text; stops counting above the most that are of interest. */
export function countCodePoints(text: string, max: number): number {
  if (text.length <= max) return text.length;
  let count = 0;
  for (const _ of text) if (++count > max) break;
  return count;
}

function fail(code: ErrorCode, field: string): never {
  throw new ConfabError(code, field);
}
