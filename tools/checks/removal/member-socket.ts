import { type ServerFrame, UnsubscribedReason } from "../../../gen/confab/v1/realtime.js";
import type { Position } from "../../../gen/confab/v1/types.js";
import type { Server } from "../server.js";
import { ClientSocket } from "../sockets/client-socket.js";

/** One connection that follows one channel, and every event of it in the order in which they came. */
export class MemberSocket {
  readonly seqs: number[] = [];
  /** The server told that the user is no member any more. */
  isTold = false;
  #requestId = 0;
  #socket: ClientSocket | undefined;
  /** Requests without an answer; an answer is the code of an error, or undefined. */
  readonly #open = new Map<number, { resolve(code?: string): void; reject(error: Error): void }>();

  private constructor(private readonly channelId: string) {}

  static async open(server: Omit<Server, "grpc" | "ws">, channelId: string): Promise<MemberSocket> {
    const member = new MemberSocket(channelId);
    member.#socket = await ClientSocket.open(server, {
      frame: (frame) => member.#take(frame),
      closed: (code) => member.#fail(new Error(`a socket was closed (${code})`)),
    });
    return member;
  }

  /** Asks for the channel; resolves with the code of the error by which that was refused, if it was. */
  subscribe(position: Position | undefined): Promise<string | undefined> {
    const channels = [{ channelId: this.channelId, position }];
    return this.#ask({ $case: "subscribe", value: { all: false, channels } });
  }

  /** Resolves when everything has come that the server sent before. */
  async settle(): Promise<void> {
    await this.#ask({ $case: "ping", value: {} });
  }

  drop(): void {
    this.#socket?.drop();
    this.#fail(new Error("a socket was dropped"));
  }

  #ask(frame: Parameters<ClientSocket["send"]>[0]): Promise<string | undefined> {
    const requestId = ++this.#requestId;
    return new Promise((resolve, reject) => {
      this.#open.set(requestId, { resolve, reject });
      this.#socket?.send(frame, requestId);
    });
  }

  #take({ events, frame }: ServerFrame): void {
    for (const { channelId, event } of events) {
      if (channelId === this.channelId && event) this.seqs.push(event.seq);
    }
    switch (frame?.$case) {
      case "subscribed":
      case "ready":
      case "pong":
        return this.#answer(frame.value.requestId);
      case "error":
        return this.#answer(frame.value.requestId, frame.value.problem?.code);
      case "unsubscribed":
        this.isTold ||= frame.value.reason === UnsubscribedReason.UNSUBSCRIBED_REASON_NOT_A_MEMBER;
    }
  }

  #answer(requestId: number, code?: string): void {
    this.#open.get(requestId)?.resolve(code);
    this.#open.delete(requestId);
  }

  #fail(error: Error): void {
    for (const { reject } of this.#open.values()) reject(error);
    this.#open.clear();
  }
}
