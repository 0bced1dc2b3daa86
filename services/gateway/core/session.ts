import type { ServerFrame } from "../../../gen/confab/v1/realtime.js";
import type { ConfabError } from "../../../lib/errors/errors.js";
import type { UserId, WorkspaceId } from "../../../lib/ids/ids.js";
import {
  catchUpEventsMax,
  clientFrameBytesMax,
  heartbeatMs,
  subscriptionsMax,
} from "../../../lib/limits/limits.js";
import { encodeFrame } from "./frame-formats.js";
import type { Numbered } from "./numbers.js";

/** How frames are written: canonical JSON as text, or Protobuf as bytes. */
export type Format = "json" | "proto";

/** A client's connection, as the core needs it. */
export interface ClientConnection {
  readonly format: Format;
  /** Sends one frame in the connection's format. Never blocks; a reader that does not keep up is cut off. */
  send(frame: string | Uint8Array): void;
  /** Bytes that were sent and are not on the network yet. */
  bufferedBytes(): number;
  /** Whether it can join topics; if not, everything is sent to it by hand. */
  readonly canJoin: boolean;
  /** From now on `publish` to the topic reaches this connection too, after what was sent before. */
  join(topic: string): void;
  leave(topic: string): void;
  /** Ends the connection: 4000–4499 mean "reconnect", 4500–4999 "do not". */
  close(code: number, reason: string): void;
}

/** Who is at the other end. */
export interface Identity {
  readonly connectionId: string;
  readonly userId: UserId;
  readonly workspaceId: WorkspaceId;
  /** Names the token that opened the connection (it is not the token). */
  readonly tokenId: string;
}

type Frame = NonNullable<ServerFrame["frame"]>;

/** In place of a request's number: what no request asked for. */
export const unasked = -1;

/** One client's connection; what it follows is in the gateway's table of follows. */
export class Session implements Numbered {
  /** Its number in the table of follows; -1 while it has none. */
  number = -1;
  /** Requests of which some channels have no answer yet: how many. */
  readonly #unanswered = new Map<number, number>();

  constructor(
    readonly connection: ClientConnection,
    readonly identity: Identity,
  ) {}

  hello(): void {
    const { connectionId, userId, workspaceId } = this.identity;
    const limits = { frameBytesMax: clientFrameBytesMax, subscriptionsMax, catchUpEventsMax };
    const value = { protocol: 1, connectionId, userId, workspaceId, heartbeatMs, limits };
    this.tell({ $case: "hello", value });
  }

  tell(frame: Frame): void {
    this.connection.send(encodeFrame({ events: [], frame }, this.connection.format));
  }

  /** Tells that a request was refused. */
  refuse(requestId: number, error: ConfabError, channelId = ""): void {
    const { code, message, field } = error;
    const problem = { code, message, field, retryMs: Math.ceil(error.retryMs) };
    this.tell({ $case: "error", value: { requestId: Math.max(requestId, 0), channelId, problem } });
  }

  /** Notes how many answers a request will have; `ready` follows the last. */
  expect(requestId: number, answers: number): void {
    if (answers === 0) return this.tell({ $case: "ready", value: { requestId } });
    this.#unanswered.set(requestId, (this.#unanswered.get(requestId) ?? 0) + answers);
  }

  answered(requestId: number): void {
    if (requestId === unasked) return;
    const left = (this.#unanswered.get(requestId) ?? 1) - 1;
    this.#unanswered.set(requestId, left);
    if (left > 0) return;
    this.#unanswered.delete(requestId);
    this.tell({ $case: "ready", value: { requestId } });
  }
}
