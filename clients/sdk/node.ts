import { WebSocket } from "ws";
import { Client } from "./client.js";
import { closeMsMax } from "./limits.js";
import type { ClientOptions } from "./options.js";

export * from "./index.js";

/** Largest frame that is taken, in bytes. */
const frameBytesMax = 16 * 1024 * 1024;
const socketOptions = { maxPayload: frameBytesMax, perMessageDeflate: false, closeTimeout: closeMsMax };

/** Makes a client for Node, whose older versions have no WebSocket of their own. */
export function connect(options: ClientOptions): Client {
  return new Client({
    webSocket: (url, subprotocols) => new WebSocket(url, subprotocols, socketOptions),
    ...options,
  });
}
