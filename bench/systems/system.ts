import type { SocketPlan } from "../load/load-socket.js";

/** A server under load. Channels have indices: those below the number of followed ones have followers. */
export interface System {
  readonly name: string;
  /** The process whose time is counted. */
  readonly pid: number;
  /** How its sockets are opened; each is used once, soon. */
  plans(): Promise<SocketPlan[]>;
  /** Posts messages to a channel in one call; resolves when the server has answered. */
  post(channel: number, markers: readonly string[]): Promise<void>;
}

/** How large a load is. Socket i follows the channels (i × follow + j) mod channels, for j < follow. */
export interface Shape {
  readonly sockets: number;
  readonly channels: number;
  readonly follow: number;
  /** Channels beyond those, which nobody follows. */
  readonly silent: number;
  /** Of each message's text. */
  readonly textBytes: number;
}
