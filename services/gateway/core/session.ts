import { ServerFrame } from "../../../gen/confab/v1/realtime.js";
import type { ConfabError } from "../../../lib/errors/errors.js";
import type { ChannelId, UserId, WorkspaceId } from "../../../lib/ids/ids.js";
import {
  catchUpEventsMax,
  clientFrameBytesMax,
  heartbeatMs,
  subscriptionsMax,
} from "../../../lib/limits/limits.js";
import type { Follow } from "./follow.js";

/** A client's connection, as the core needs it. */
export interface ClientConnection {
  /** Sends one frame of the subprotocol `confab.v1.json`. */
  send(text: string): void;
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
}

type Frame = NonNullable<ServerFrame["frame"]>;

/** One client's connection and what it follows. */
export class Session {
  readonly follows = new Map<ChannelId, Follow>();
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
    this.connection.send(JSON.stringify(ServerFrame.toJSON({ events: [], frame })));
  }

  /** Tells that a request was refused. */
  refuse(requestId: number, error: ConfabError, channelId = ""): void {
    const { code, message, field, retryMs } = error;
    this.tell({
      $case: "error",
      value: { requestId, channelId, problem: { code, message, field, retryMs } },
    });
  }

  /** Notes how many answers a request will have; `ready` follows the last. */
  expect(requestId: number, answers: number): void {
    if (answers === 0) return this.tell({ $case: "ready", value: { requestId } });
    this.#unanswered.set(requestId, (this.#unanswered.get(requestId) ?? 0) + answers);
  }

  answered(requestId: number): void {
    const left = (this.#unanswered.get(requestId) ?? 1) - 1;
    this.#unanswered.set(requestId, left);
    if (left > 0) return;
    this.#unanswered.delete(requestId);
    this.tell({ $case: "ready", value: { requestId } });
  }
}
