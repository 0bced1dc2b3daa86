import { type Api, connect } from "./api.js";
import { LocalServer, type Ready } from "./local-server.js";
import type { Room } from "./room.js";

/** What a check that runs several of a service in the process asks the user. */
export const serverFlags = {
  channelServers: { standard: 1, about: "channel servers in the process" },
  gateways: { standard: 1, about: "gateways in the process" },
};

/** A server in a process of its own, and a connection to it. */
export interface Started {
  readonly server: LocalServer;
  readonly ready: Ready;
  readonly api: Api;
}

/** The server's arguments for the flags. */
export function serverArgs(flags: Readonly<Record<keyof typeof serverFlags, number>>): string[] {
  return ["--channel-servers", `${flags.channelServers}`, "--gateways", `${flags.gateways}`];
}

/** Starts a server on the room's folder and connects to it; both are closed with the room. */
export async function startServer(
  { folder, defer }: Room,
  {
    args = [],
    nodeArgs = [],
  }: { readonly args?: readonly string[]; readonly nodeArgs?: readonly string[] } = {},
): Promise<Started> {
  const server = new LocalServer(folder, args, nodeArgs);
  defer(() => server.close());
  const ready = await server.start();
  const api = connect(ready);
  defer(() => api.close());
  return { server, ready, api };
}
