import type { Clock } from "../../lib/clock/clock.js";
import { parseAddress } from "../../lib/config/values.js";
import { ConfabError } from "../../lib/errors/errors.js";
import { buildApp, type WebParts } from "./app.js";

/** How long a closing server waits for requests under way. */
const closeGraceMs = 1000;

/** The HTTP face. */
export interface Web {
  /** Listens at `host:port` (port 0 picks one); resolves with the port. */
  listen(address: string): Promise<number>;
  /** Lets requests under way end, and ends them itself after a while. */
  close(): Promise<void>;
}

/** Makes the web service; it offers nothing before `listen`. */
export function createWeb(parts: WebParts & { readonly clock: Clock }): Web {
  let closing: Promise<void> | undefined;
  const app = buildApp({ ...parts, isReady: () => !closing && parts.isReady() });
  const close = async () => {
    const timer = parts.clock.after(closeGraceMs, () => app.server.closeAllConnections());
    await app.close().finally(() => timer.cancel());
  };
  return {
    async listen(address) {
      const parsed = parseAddress(address);
      if (!parsed) throw new ConfabError("invalid_argument", "address", "the address must be host:port");
      await app.listen(parsed);
      const bound = app.server.address();
      return typeof bound === "object" && bound ? bound.port : parsed.port;
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}
