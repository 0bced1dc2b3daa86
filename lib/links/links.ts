import type { DownFrame, UpFrame } from "../../gen/confab/mesh/v1/attach.js";
import type {
  AskRequest,
  AskResponse,
  ReadEventsRequest,
  ReadEventsResponse,
} from "../../gen/confab/mesh/v1/log.js";
import type { Heartbeat, HeartbeatAnswer } from "../../gen/confab/mesh/v1/ring.js";
import type { CommandFrame, ResultFrame } from "../../gen/confab/mesh/v1/write.js";

/** Streams between services: what the opener sends and what it receives. */
export interface Streams {
  commands: { up: CommandFrame; down: ResultFrame };
  attach: { up: UpFrame; down: DownFrame };
  beat: { up: Heartbeat; down: HeartbeatAnswer };
}

/** Calls between services. */
export interface Calls {
  readEvents: { request: ReadEventsRequest; response: ReadEventsResponse };
  ask: { request: AskRequest; response: AskResponse };
}

export type StreamName = keyof Streams;
export type CallName = keyof Calls;

/**
 * One end of a stream. Frames arrive whole, once and in order until the link closes; what was sent shortly
 * before that may be lost. Frames belong to the receiver once sent.
 */
export interface Link<Out> {
  /** Never blocks, and does nothing once closed. A peer that does not keep up gets its link closed. */
  send(frame: Out): void;
  close(reason: string): void;
}

/** What an end of a stream is told. Nothing follows `closed`. */
export interface LinkEnd<In> {
  received(frame: In): void;
  closed(reason: string): void;
}

/** What a service offers at its address. */
export type Service = {
  [Name in StreamName as `accept_${Name}`]?: (
    link: Link<Streams[Name]["down"]>,
  ) => LinkEnd<Streams[Name]["up"]>;
} & {
  [Name in CallName as `answer_${Name}`]?: (
    request: Calls[Name]["request"],
  ) => Promise<Calls[Name]["response"]>;
};

/** How a service answers a call; undefined if it does not offer it. */
export function answerOf<Name extends CallName>(
  service: Service,
  name: Name,
): ((request: Calls[Name]["request"]) => Promise<Calls[Name]["response"]>) | undefined {
  const answers: { [Key in CallName]?: (request: never) => Promise<Calls[Key]["response"]> } = {
    readEvents: service.answer_readEvents,
    ask: service.answer_ask,
  };
  return answers[name] as ReturnType<typeof answerOf<Name>>;
}

/** A call that got no answer: the peer is not there, the link broke, or the deadline passed. */
export class Unreachable extends Error {}

/** How services reach each other. */
export interface Links {
  /**
   * Offers a service at an address (host:port; port 0 picks one); resolves with the address that peers use.
   */
  listen(address: string, service: Service): Promise<Listener>;
  /** Opens a stream. It may be written to at once; failing to connect is told by `closed`. */
  open<Name extends StreamName>(
    address: string,
    name: Name,
    end: LinkEnd<Streams[Name]["down"]>,
  ): Link<Streams[Name]["up"]>;
  /** Asks; rejects with `Unreachable` at the latest after `timeoutMs`. */
  call<Name extends CallName>(
    address: string,
    name: Name,
    request: Calls[Name]["request"],
    timeoutMs: number,
  ): Promise<Calls[Name]["response"]>;
}

export interface Listener {
  readonly address: string;
  /** Tells who asks for its health whether the service does its work, as it does until told otherwise. */
  setServing?(isServing: boolean): void;
  /** Closes the address and all its links. */
  close(): Promise<void>;
}
