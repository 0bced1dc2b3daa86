import { Client } from "./client.js";
import type { ClientOptions } from "./options.js";

export type { Typing } from "../../gen/json/confab/v1/realtime.js";
export type { Conversation, Event, Message, Position, User } from "../../gen/json/confab/v1/types.js";
export { ConversationType } from "../../gen/json/confab/v1/types.js";
export { ConfabError, type ErrorCode } from "../../lib/errors/errors.js";
export type { TraceListener } from "./calls/caller.js";
export { isRetryable } from "./calls/patience.js";
export type { CallOptions, Service } from "./calls/services.js";
export type { EventHandler, NewMessage } from "./client.js";
export type { NewConversation } from "./conversations.js";
export type { LostRange } from "./core/feed.js";
export type { SessionState } from "./core/session-outside.js";
export type { HistoryOptions } from "./history.js";
export type { ClientOptions, Fetch, Source } from "./options.js";
export type { OpenSocket, Socket } from "./realtime/socket.js";
export {
  type ChannelStart,
  fromStart,
  type ReceivedEvent,
  type SubscribeAllOptions,
  type SubscribeOptions,
  Subscription,
} from "./subscription.js";
export { Client };

/** Makes a client. Nothing is sent before it is used; the connection is opened by the first subscription. */
export function connect(options: ClientOptions): Client {
  return new Client(options);
}
