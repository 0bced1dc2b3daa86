import { Client } from "./client.js";
import type { ClientOptions, Source } from "./options.js";
import { openSocket, TrustingTransport } from "./tls/trusting-transport.js";

export * from "./index.js";

/** Whom to connect to, and as whom, from Node. */
export interface NodeClientOptions extends ClientOptions {
  /**
   * Certificates in PEM of the authorities that the server's must be signed by, for instance the one that a
   * local mesh made for itself; empty or left out, it is those that Node trusts. The options `fetch` and
   * `webSocket` come first.
   */
  readonly ca?: Source;
}

/** Makes a client for Node, whose older versions have no WebSocket of their own. */
export function connect({ ca, ...options }: NodeClientOptions): Client {
  if (ca === undefined || ca === "") return new Client({ webSocket: openSocket, ...options });
  return new TrustingClient(new TrustingTransport(ca), options);
}

class TrustingClient extends Client {
  constructor(
    private readonly transport: TrustingTransport,
    options: ClientOptions,
  ) {
    super({ fetch: transport.fetch, webSocket: transport.openSocket, ...options });
  }

  override async close(): Promise<void> {
    await super.close();
    await this.transport.close();
  }
}
