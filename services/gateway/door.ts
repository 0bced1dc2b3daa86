import type { TicketVerifier } from "../../lib/auth/ticket.js";
import { ConfabError } from "../../lib/errors/errors.js";
import { makeId } from "../../lib/ids/ids.js";
import type { Log } from "../../lib/log/log.js";
import type { Format, Identity } from "./core/session.js";
import type { SocketOffer } from "./sockets.js";

/** The subprotocols that a gateway speaks, the one that it prefers first. */
const formats: ReadonlyMap<string, Format> = new Map([
  ["confab.v1.proto", "proto"],
  ["confab.v1.json", "json"],
]);
const ticketSubprotocol = "confab.ticket.";

export interface DoorParts {
  readonly tickets: Pick<TicketVerifier, "verify">;
  /** Pages of these origins may connect; programs, which send no origin, always may. */
  readonly allowedOrigins: readonly string[];
  readonly random: () => number;
  readonly log: Log;
}

/** Who is let in, and how they are spoken to. */
export interface Admission {
  readonly identity: Identity;
  readonly subprotocol: string;
  readonly format: Format;
}

/** Decides whom to let in; resolves with the named error that refuses them. */
export async function admit(parts: DoorParts, offer: SocketOffer): Promise<Admission | ConfabError> {
  const { subprotocols, origin } = offer;
  const subprotocol = [...formats.keys()].find((name) => subprotocols.includes(name));
  const format = subprotocol && formats.get(subprotocol);
  if (!subprotocol || !format) return new ConfabError("unknown_subprotocol");
  if (origin !== undefined && !parts.allowedOrigins.includes(origin)) {
    return new ConfabError("invalid_argument", "origin");
  }
  const ticket = subprotocols.find((name) => name.startsWith(ticketSubprotocol));
  if (!ticket) return new ConfabError("invalid_ticket", "", "no ticket: get one by rtm.connect");
  try {
    const { caller } = await parts.tickets.verify(ticket.slice(ticketSubprotocol.length));
    return { identity: { ...caller, connectionId: makeConnectionId(parts.random) }, subprotocol, format };
  } catch (error) {
    if (error instanceof ConfabError) return error;
    parts.log.error({ err: error }, "a ticket could not be checked");
    return new ConfabError("internal");
  }
}

/** Names a connection in logs and traces: 60 random bits. */
export function makeConnectionId(random: () => number): string {
  return makeId("C", random).slice(1);
}
