import { Client } from "@grpc/grpc-js";
import { Agent, fetch, type RequestInit, type Response } from "undici";
import { WebSocket } from "ws";
import { connectionTo } from "../../lib/rpc/connection.js";

/** Where a server or a mesh is reached, and as whom: all that dials takes its addresses from one of these. */
export interface Server {
  /** Base of the Web API. */
  readonly url: string;
  /** WebSocket of a gateway. */
  readonly ws: string;
  /** `host:port` */
  readonly grpc: string;
  readonly token: string;
  /** Certificates in PEM of who signed the server's; it speaks plain text where there are none. */
  readonly ca?: string | undefined;
}

/** Connections that are kept for later requests: their sockets keep no process alive. */
const agents = new Map<string | undefined, Agent>();

/** Makes an HTTP request. @param path below the base of the Web API */
export function request(
  { url, ca }: Pick<Server, "url" | "ca">,
  path: string,
  init: Omit<RequestInit, "dispatcher"> = {},
): Promise<Response> {
  const dispatcher = agents.get(ca) ?? new Agent({ connect: ca === undefined ? {} : { ca } });
  agents.set(ca, dispatcher);
  return fetch(new URL(path, url), { ...init, dispatcher });
}

/** Opens a WebSocket at an address that the connect flow gave, or at another one of the server. */
export function openSocket(
  { ca }: Pick<Server, "ca">,
  url: string,
  subprotocols: readonly string[],
  { origin }: { readonly origin?: string | undefined } = {},
): WebSocket {
  const options = { ...(ca !== undefined && { ca }), ...(origin !== undefined && { origin }) };
  return new WebSocket(url, [...subprotocols], options);
}

/** A connection for calls of one's own making. */
export function openGrpc({ grpc, ca }: Pick<Server, "grpc" | "ca">): Client {
  const { credentials, options } = connectionTo(grpc, ca);
  return new Client(grpc, credentials, options);
}
