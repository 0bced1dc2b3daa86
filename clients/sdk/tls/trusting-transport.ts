import type { Agent } from "undici";
import { WebSocket } from "ws";
import { closeMsMax } from "../limits.js";
import type { Fetch, Source } from "../options.js";
import type { OpenSocket } from "../realtime/socket.js";

/** Largest frame that is taken, in bytes. */
const frameBytesMax = 16 * 1024 * 1024;
const socketOptions = { maxPayload: frameBytesMax, perMessageDeflate: false, closeTimeout: closeMsMax };

/** Opens WebSockets to servers whose certificates the runtime trusts. */
export const openSocket: OpenSocket = (url, subprotocols) => new WebSocket(url, subprotocols, socketOptions);

/** Requests and sockets to servers whose certificates are signed by authorities of one's own. */
export class TrustingTransport {
  #ca: string;
  #agent: Agent | undefined;
  #closed = false;

  /** @param source certificates of the authorities in PEM; empty for those that the runtime trusts */
  constructor(private readonly source: Source) {
    this.#ca = typeof source === "string" ? source : "";
  }

  /** undici is loaded only here: those who give no authorities do not wait for it. */
  readonly fetch: Fetch = async (url, init) => {
    const ca = typeof this.source === "string" ? this.source : await this.source();
    const { Agent, fetch } = await import("undici");
    if (!this.#agent || ca !== this.#ca) {
      const before = this.#agent;
      this.#ca = ca;
      this.#agent = new Agent({ connect: ca === "" ? {} : { ca } });
      // Requests that are under way may still be answered.
      before?.close().catch(() => {});
    }
    if (this.#closed) throw new Error("the client was closed");
    return fetch(url, { ...init, dispatcher: this.#agent });
  };

  /** The ticket of a socket is asked for by `fetch` before it, so that the authorities are known. */
  readonly openSocket: OpenSocket = (url, subprotocols) => {
    const options = this.#ca === "" ? socketOptions : { ...socketOptions, ca: this.#ca };
    return new WebSocket(url, subprotocols, options);
  };

  /** Ends the connections that are kept for later requests. Safe to call twice. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#agent?.destroy();
  }
}
