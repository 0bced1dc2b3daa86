import type { status } from "@grpc/grpc-js";

/** What callers are told of one kind of error. */
interface ErrorKind {
  /** Name of the gRPC status code. */
  readonly grpc: keyof typeof status;
  /** Name in the Slack-shaped Web API. */
  readonly slack: string;
  /** Says what is wrong; `{field}` stands for the offending field. */
  readonly wording: string;
  /** The same request may succeed later. */
  readonly retry: boolean;
}

const kind = (grpc: ErrorKind["grpc"], slack: string, wording: string, retry = false): ErrorKind => ({
  grpc,
  slack,
  wording,
  retry,
});

/** All errors that Confab answers with, by name. */
export const errorTable = {
  not_authed: kind("UNAUTHENTICATED", "not_authed", "no token: send `authorization: Bearer TOKEN`"),
  invalid_auth: kind("UNAUTHENTICATED", "invalid_auth", "the token is not known here, or was revoked"),
  invalid_ticket: kind(
    "UNAUTHENTICATED",
    "invalid_auth",
    "the ticket is forged, expired or of another service",
  ),
  unknown_method: kind("UNIMPLEMENTED", "unknown_method", "there is no such method"),
  not_implemented: kind(
    "UNIMPLEMENTED",
    "unknown_method",
    "this method is part of the contract but not built yet",
  ),
  invalid_json: kind("INVALID_ARGUMENT", "invalid_json", "not valid JSON"),
  invalid_frame: kind("INVALID_ARGUMENT", "invalid_arguments", "not a frame of the protocol"),
  frame_too_large: kind("RESOURCE_EXHAUSTED", "invalid_arguments", "the frame is larger than the limit"),
  unknown_subprotocol: kind("INVALID_ARGUMENT", "invalid_arguments", "offer the subprotocol confab.v1.json"),
  missing_argument: kind("INVALID_ARGUMENT", "invalid_arguments", "{field} is required"),
  invalid_argument: kind("INVALID_ARGUMENT", "invalid_arguments", "{field} is not valid"),
  invalid_id: kind("INVALID_ARGUMENT", "invalid_arguments", "{field} is not an id of the right kind"),
  invalid_position: kind(
    "OUT_OF_RANGE",
    "invalid_arguments",
    "{field} lies beyond the channel's newest event",
  ),
  invalid_name: kind("INVALID_ARGUMENT", "invalid_name", "{field} must be 1 to 80 of a-z, 0-9, '_' and '-'"),
  no_text: kind("INVALID_ARGUMENT", "no_text", "the text is empty"),
  msg_too_long: kind("INVALID_ARGUMENT", "msg_too_long", "the text is over 40,000 code points or 256 KiB"),
  invalid_text: kind("INVALID_ARGUMENT", "invalid_arguments", "the text has a NUL or a lone surrogate"),
  too_many_posts: kind("INVALID_ARGUMENT", "invalid_arguments", "1 to 256 messages at a time"),
  client_msg_id_reused: kind(
    "ALREADY_EXISTS",
    "duplicate_client_msg_id",
    "this client_msg_id was used for another message",
  ),
  name_taken: kind("ALREADY_EXISTS", "name_taken", "{field} is taken"),
  channel_not_found: kind("NOT_FOUND", "channel_not_found", "there is no such channel for you"),
  user_not_found: kind("NOT_FOUND", "user_not_found", "there is no such user"),
  not_in_channel: kind("PERMISSION_DENIED", "not_in_channel", "you are not a member of this channel"),
  user_not_in_channel: kind("NOT_FOUND", "not_in_channel", "that user is not a member of this channel"),
  restricted_action: kind("PERMISSION_DENIED", "restricted_action", "only its creator may do this"),
  message_not_found: kind("NOT_FOUND", "message_not_found", "there is no such message, or it was deleted"),
  thread_not_found: kind("NOT_FOUND", "thread_not_found", "there is no message to reply to by this id"),
  cant_update_message: kind("PERMISSION_DENIED", "cant_update_message", "only its author may edit a message"),
  cant_delete_message: kind(
    "PERMISSION_DENIED",
    "cant_delete_message",
    "only its author may delete a message",
  ),
  already_reacted: kind("ALREADY_EXISTS", "already_reacted", "you have put this emoji on the message before"),
  no_reaction: kind("NOT_FOUND", "no_reaction", "you have not put this emoji on the message"),
  too_many_reactions: kind(
    "RESOURCE_EXHAUSTED",
    "too_many_emoji",
    "the message has too many different emoji",
  ),
  already_pinned: kind("ALREADY_EXISTS", "already_pinned", "the message is pinned already"),
  no_pin: kind("NOT_FOUND", "no_pin", "the message is not pinned"),
  too_many_subscriptions: kind(
    "RESOURCE_EXHAUSTED",
    "invalid_arguments",
    "this connection follows too many channels",
  ),
  slow_consumer: kind(
    "RESOURCE_EXHAUSTED",
    "ratelimited",
    "too much was waiting to be read; connect again with your positions",
    true,
  ),
  overloaded: kind("RESOURCE_EXHAUSTED", "ratelimited", "too much is waiting; try again later", true),
  rate_limited: kind("RESOURCE_EXHAUSTED", "ratelimited", "too many requests; try again later", true),
  connection_ended: kind("ABORTED", "internal_error", "the connection was ended for good"),
  not_owner: kind("FAILED_PRECONDITION", "internal_error", "the channel is owned elsewhere", true),
  unavailable: kind("UNAVAILABLE", "service_unavailable", "the service cannot answer now", true),
  deadline_exceeded: kind("DEADLINE_EXCEEDED", "request_timeout", "no outcome was known in time", true),
  internal: kind("INTERNAL", "internal_error", "something broke inside; it has been logged"),
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorTable;

/** An error with a name that callers can act on. */
export class ConfabError extends Error {
  constructor(
    readonly code: ErrorCode,
    /** Path of the offending field, where one is. */
    readonly field = "",
    /** Replaces the table's wording where more can be said. */
    wording?: string,
    /** After how many milliseconds a retry may help. */
    readonly retryMs = errorTable[code].retry ? 100 : 0,
  ) {
    super(wording ?? errorTable[code].wording.replace("{field}", field || "a field"));
    this.name = "ConfabError";
  }
}

/** Whether a text is the name of an error. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorTable, text);
}
