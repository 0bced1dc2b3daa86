import type { Typing } from "../../../gen/json/confab/v1/realtime.js";
import type { Timer } from "../../../lib/clock/clock.js";
import type { ConfabError } from "../../../lib/errors/errors.js";
import type { Feed } from "./feed.js";
import type { Wanted } from "./followed-channels.js";
import type { PostRequest } from "./posts-under-way.js";

/**
 * `idle`: nothing is followed. `waiting`: a pause before the next try. `ended`: by `close`, or by an error
 * that no try can mend.
 */
export type SessionState = "idle" | "connecting" | "connected" | "waiting" | "ended";

/** What a client sends over a socket. */
export type ClientRequest =
  | { readonly subscribe: { readonly all?: true; readonly channels: readonly Wanted[] } }
  | { readonly unsubscribe: { readonly channelIds: readonly string[] } }
  | { readonly typing: { readonly channelId: string; readonly parentId?: number } }
  | { readonly post: PostRequest }
  | { readonly ping: Record<string, never> };

/** What a session works with. */
export interface SessionOutside {
  /** Gets a ticket and opens a socket, of whichever gateway; answered by `received` or `lost`. */
  open(): void;
  /** Ends the socket, or the opening of one: nothing more is heard of it. */
  drop(): void;
  send(frame: ClientRequest & { readonly requestId: number }): void;
  later(ms: number, call: (now: number) => void): Timer;
  /** A number from 0 to below 1. */
  random(): number;
  /** The state has changed; `error` is why, where something failed. */
  changed(state: SessionState, error?: ConfabError): void;
  /** A channel is not delivered any more. */
  channelEnded(feed: Feed, error: ConfabError): void;
  typing(typing: Typing): void;
  /** Of everything that is followed, the server delivers a channel that has no feed yet. */
  discovered(channelId: string): void;
  /** Everything that is followed is delivered. */
  allReady(): void;
  /** Not everything can be followed, because of this error; the rest goes on. */
  incomplete(error: ConfabError): void;
}
