import { nowhere } from "../bad-input.js";
import type { FieldCase } from "./row.js";
import type { ContractStage } from "./stage.js";

/** The kinds of fields, each with what can be wrong with it. */

const always =
  <Value>(value: Value) =>
  () =>
    value;

/** Any value is good. */
export const free: readonly FieldCase[] = [];

/** A field that must be there: a message, or an id that is 0 without it. */
export const missing = (error: string, value: unknown): FieldCase => ({
  ...{ what: "missing", error },
  value: always(value),
});

/** What no id may be. */
const malformedIds = (what: string, other: string): readonly FieldCase[] => [
  { what: "a name", error: "invalid_id", value: always("general") },
  { what, error: "invalid_id", value: always(other) },
  { what: "too long", error: "invalid_id", value: always(`${nowhere}0`) },
  { what: "too short", error: "invalid_id", value: always(nowhere.slice(0, -1)) },
  { what: "in small letters", error: "invalid_id", value: always(nowhere.toLowerCase()) },
  { what: "with a letter that is none of base32", error: "invalid_id", value: always("C00000000000U") },
  { what: "with a NUL", error: "invalid_id", value: always("C00000000000\0") },
];

const unknownChannel: FieldCase = { what: "unknown", error: "channel_not_found", value: always(nowhere) };

/** A conversation that the caller may read: of the workspace, and not a private one of others. */
export const readable: readonly FieldCase[] = [
  missing("missing_argument", ""),
  ...malformedIds("a workspace", "W000000000000"),
  unknownChannel,
  { what: "another workspace's", error: "channel_not_found", value: ({ foreignId }) => foreignId },
  { what: "this workspace's, asked from another", error: "channel_not_found", by: "eve" },
  {
    ...{ what: "private and the caller no member", error: "not_in_channel", by: "bob" },
    value: ({ privateId }) => privateId,
  },
];

/** The same where what is hidden from the caller is not there for them. */
export const visible: readonly FieldCase[] = readable.map((one) =>
  one.error === "not_in_channel" ? { ...one, error: "channel_not_found" } : one,
);

/** A conversation of which the caller must be a member, and that is looked up before. */
export const joinedVisible: readonly FieldCase[] = [
  ...readable,
  { what: "public and the caller no member", error: "not_in_channel", by: "bob" },
];

/** A conversation of which the caller must be a member. */
export const joined: readonly FieldCase[] = [
  missing("missing_argument", ""),
  ...malformedIds("a user", "U000000000000"),
  unknownChannel,
  { what: "another workspace's", error: "not_in_channel", value: ({ foreignId }) => foreignId },
  { what: "this workspace's, asked from another", error: "not_in_channel", by: "eve" },
  { what: "of which the caller is no member", error: "not_in_channel", by: "bob" },
];

/** A user of the workspace. */
export const user: readonly FieldCase[] = [
  ...malformedIds("a conversation", nowhere),
  { what: "unknown", error: "user_not_found", value: always("U000000000000") },
  { what: "another workspace's", error: "user_not_found", value: ({ mesh }) => mesh.eve.id },
];

/** Users of the workspace, at most 1,000. */
export const users: readonly FieldCase[] = [
  missing("missing_argument", []),
  { what: "too many", error: "invalid_argument", value: ({ catId }) => Array(1001).fill(catId) },
  ...listsOf([missing("missing_argument", ""), ...user], ({ catId }) => catId),
];

/** Conversations of which the caller must be a member, at most 1,000; none named means all. */
export const joinedList: readonly FieldCase[] = [
  { what: "too many", error: "invalid_argument", value: ({ channelId }) => Array(1001).fill(channelId) },
  ...listsOf(joined, ({ channelId }) => channelId),
];

/** What can be wrong with one of a list, behind a good one. */
function listsOf(cases: readonly FieldCase[], good: (stage: ContractStage) => string): readonly FieldCase[] {
  return cases.map(({ value, ...one }) => ({
    ...one,
    ...(value && { value: (stage: ContractStage) => [good(stage), value(stage)] }),
  }));
}

/** A message of the conversation, as the error names one that is not there. */
export const message = (notFound: string): readonly FieldCase[] => [
  missing("missing_argument", 0),
  { what: "unknown", error: notFound, value: always(1) },
  { what: "from the future", error: notFound, value: always(Number.MAX_SAFE_INTEGER) },
  { what: "over what numbers may be", error: "invalid_argument", value: always("18446744073709551615") },
  { what: "an event that is none", error: notFound, value: ({ messages }) => messages.creation },
  { what: "of another conversation", error: notFound, value: ({ messages }) => messages.elsewhere },
];

/** A message that is there still. */
export const presentMessage: readonly FieldCase[] = [
  ...message("message_not_found"),
  { what: "deleted", error: "message_not_found", value: ({ messages }) => messages.deleted },
];

/** The name of an emoji. */
export const emoji: readonly FieldCase[] = [
  missing("missing_argument", ""),
  { what: "with colons", error: "invalid_argument", value: always(":eyes:") },
  { what: "with a blank", error: "invalid_argument", value: always("two eyes") },
  { what: "with a NUL", error: "invalid_argument", value: always("eyes\0") },
  { what: "too long", error: "invalid_argument", value: always("\u00e9".repeat(33)) },
];

/** The text of a message. */
export const text: readonly FieldCase[] = [
  missing("no_text", ""),
  { what: "too long", error: "msg_too_long", value: always("x".repeat(40_001)) },
  { what: "with a NUL", error: "invalid_text", value: always("a\0b") },
];

/** A short text of so many characters that may be empty. */
export const shortText = (max: number): readonly FieldCase[] => [
  { what: "too long", error: "invalid_argument", value: always("x".repeat(max + 1)) },
  { what: "with a NUL", error: "invalid_argument", value: always("\0") },
];

/** How much of a page is wanted, at most 1,000. */
export const limit: readonly FieldCase[] = [
  { what: "one too many", error: "invalid_argument", value: always(1001) },
  { what: "as large as can be", error: "invalid_argument", value: always(2 ** 32 - 1) },
];

/** The number of an event, which must not lie in the future. */
export const pastSeq: readonly FieldCase[] = [
  { what: "from the future", error: "invalid_position", value: always(1_000_000) },
  { what: "as large as can be", error: "invalid_position", value: always(Number.MAX_SAFE_INTEGER) },
];

/** A user's handle. */
export const handle: readonly FieldCase[] = [
  missing("missing_argument", ""),
  { what: "crooked", error: "invalid_name", value: always("No Good") },
  { what: "too long", error: "invalid_name", value: always("x".repeat(81)) },
  { what: "with a NUL", error: "invalid_name", value: always("x\0") },
  { what: "taken", error: "name_taken", value: always("bob") },
];

/** A conversation's name. */
export const conversationName: readonly FieldCase[] = [
  missing("missing_argument", ""),
  { what: "crooked", error: "invalid_name", value: always("No Good") },
  { what: "too long", error: "invalid_name", value: always("x".repeat(81)) },
  { what: "taken", error: "name_taken", value: always("quiet"), by: "bob" },
];
