import { createRequire } from "node:module";
import type { Clock } from "../../lib/clock/clock.js";
import { ConfabError } from "../../lib/errors/errors.js";
import type { Log } from "../../lib/log/log.js";
import type { SocketServer, SocketTls } from "./sockets.js";
import { WsSocketServer } from "./ws-socket-server.js";

/** Which library accepts sockets; `auto` takes uWebSockets.js where it has a binary for this Node. */
export const socketEngines = ["auto", "uws", "ws"] as const;
export type SocketEngine = (typeof socketEngines)[number];

/**
 * Makes the socket server, and says which library it is by. @throws ConfabError when `uws` has no binary
 * here
 */
export async function createSocketServer(
  engine: SocketEngine,
  clock: Clock,
  log: Log,
  tls?: SocketTls,
): Promise<SocketServer> {
  const runtime = `${process.platform} ${process.arch}, Node ${process.versions.node}`;
  const usesUws = engine === "uws" || (engine === "auto" && hasUwsBinary());
  if (usesUws && !hasUwsBinary()) {
    throw new ConfabError("invalid_argument", "engine", `uWebSockets.js has no binary for ${runtime}`);
  }
  log.info({ engine: usesUws ? "uWebSockets.js" : "ws", runtime }, "sockets are accepted by this library");
  if (!usesUws) return new WsSocketServer(clock, tls);
  // Not loaded unless used: without a binary the package would load a fallback that loses publications.
  const { UwsSocketServer } = await import("./uws-socket-server.js");
  return new UwsSocketServer(tls);
}

/** Whether uWebSockets.js runs on this machine under this Node. */
export function hasUwsBinary(): boolean {
  const { platform, arch, versions } = process;
  const require = createRequire(import.meta.url);
  try {
    require.resolve(`uWebSockets.js/binaries/uws_${platform}_${arch}_${versions.modules}.node`);
    return true;
  } catch {
    return false;
  }
}
