import { type ChannelCredentials, Client, type ClientOptions, connectivityState } from "@grpc/grpc-js";
import type { Clock, Timer } from "../clock/clock.js";
import * as limits from "./limits.js";

/** What a call or stream has of a connection while it lasts. */
export interface ConnectionUse {
  readonly client: Client;
  /** The call or stream is over. */
  done(): void;
  /**
   * Nothing was heard of the peer in time. If the connection is not up, whoever uses it is told so, and the
   * next use makes a new one: one that waits for packets that the network lost may wait for minutes.
   */
  doubt(): void;
}

interface Connection {
  readonly client: Client;
  /** Ends everything that uses it. */
  readonly cancels: Set<() => void>;
  idle: Timer | undefined;
}

/** Connections to peers: one for each address, made when used and given up when unused for a while. */
export class PeerConnections {
  readonly #connections = new Map<string, Connection>();

  constructor(
    private readonly clock: Clock,
    private readonly credentials: ChannelCredentials,
    private readonly options: ClientOptions,
    private readonly idleMs = limits.meshIdleMsMax,
  ) {}

  /** How many there are. */
  get size(): number {
    return this.#connections.size;
  }

  /** @param cancel ends the call or stream; called when the connection is closed */
  use(address: string, cancel: () => void): ConnectionUse {
    const connection = this.#connections.get(address) ?? this.#make(address);
    connection.idle?.cancel();
    connection.idle = undefined;
    connection.cancels.add(cancel);
    const { client, cancels } = connection;
    const done = () => {
      if (!cancels.delete(cancel) || cancels.size > 0 || this.#connections.get(address) !== connection)
        return;
      connection.idle = this.clock.after(this.idleMs, () => this.#giveUp(address, connection));
    };
    const doubt = () => {
      if (this.#connections.get(address) !== connection) return;
      if (client.getChannel().getConnectivityState(false) === connectivityState.READY) return;
      this.#giveUp(address, connection);
    };
    return { client, done, doubt };
  }

  /** Ends all of them, and what uses them. */
  close(): void {
    for (const [address, connection] of [...this.#connections]) this.#giveUp(address, connection);
  }

  #make(address: string): Connection {
    const client = new Client(address, this.credentials, this.options);
    const connection: Connection = { client, cancels: new Set(), idle: undefined };
    this.#connections.set(address, connection);
    return connection;
  }

  #giveUp(address: string, connection: Connection): void {
    this.#connections.delete(address);
    connection.idle?.cancel();
    for (const cancel of [...connection.cancels]) cancel();
    connection.client.close();
  }
}
