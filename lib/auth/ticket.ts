import { KeyObject, verify } from "node:crypto";
import { type CryptoKey, decodeProtectedHeader, errors, SignJWT, UnsecuredJWT } from "jose";
import type { Clock } from "../clock/clock.js";
import { ConfabError } from "../errors/errors.js";
import { parseChannelId, parseUserId, type WorkspaceId } from "../ids/ids.js";
import type { Caller } from "./caller.js";

/** For how long a ticket opens a socket. */
const ticketTtlMs = 60_000;
const ALGORITHM = "EdDSA";
const ISSUER = "confab";
const AUDIENCE = "confab-gateway";
/** Lets the library check claims whose signature has been checked. */
const unsecuredHeader = Buffer.from('{"alg":"none"}').toString("base64url");

/** A signed permission to open one socket, and for how long it can be used. */
export interface IssuedTicket {
  readonly ticket: string;
  readonly ttlMs: number;
}

/** What a ticket proved. */
export interface Ticket {
  readonly caller: Caller;
  /** Different for every ticket: who wants each to be used once remembers it until `expiresMs`. */
  readonly id: string;
  /** Milliseconds since the Unix epoch. */
  readonly expiresMs: number;
}

/** Signs tickets: JWTs (RFC 7519) with Ed25519 signatures. */
export class TicketIssuer {
  /** @param makeTicketId gives a different text at every call */
  constructor(
    private readonly privateKey: CryptoKey,
    private readonly clock: Clock,
    private readonly makeTicketId: () => string,
  ) {}

  async issue(caller: Caller): Promise<IssuedTicket> {
    const nowSeconds = Math.floor(this.clock.now() / 1000);
    const ticket = await new SignJWT({ workspace: caller.workspaceId, token: caller.tokenId })
      .setProtectedHeader({ alg: ALGORITHM })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(caller.userId)
      .setJti(this.makeTicketId())
      .setIssuedAt(nowSeconds)
      .setExpirationTime(nowSeconds + ticketTtlMs / 1000)
      .sign(this.privateKey);
    return { ticket, ttlMs: ticketTtlMs };
  }
}

/**
 * Checks tickets, and is done in the turn in which it is asked: so a socket is opened in the turn of its
 * request, in which uWebSockets.js gathers what it writes into one packet. Later it would warn each time.
 */
export class TicketVerifier {
  readonly #publicKey: KeyObject;

  constructor(
    publicKey: CryptoKey,
    private readonly clock: Clock,
  ) {
    this.#publicKey = KeyObject.from(publicKey);
  }

  /** @throws ConfabError `invalid_ticket` if it is forged, expired or meant for another service. */
  async verify(ticket: string): Promise<Ticket> {
    try {
      const { payload } = UnsecuredJWT.decode(`${unsecuredHeader}.${this.#signed(ticket)}.`, {
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ["sub", "jti", "exp", "workspace", "token"],
        currentDate: new Date(this.clock.now()),
      });
      return parseClaims(payload);
    } catch (error) {
      if (error instanceof errors.JOSEError) throw new ConfabError("invalid_ticket");
      throw error;
    }
  }

  /** The claims, still encoded, of a ticket whose signature is good. */
  #signed(ticket: string): string {
    const [header, claims, signature, ...more] = ticket.split(".");
    if (!header || !claims || !signature || more.length > 0) throw new ConfabError("invalid_ticket");
    const data = Buffer.from(`${header}.${claims}`);
    const isSigned = verify(null, data, this.#publicKey, Buffer.from(signature, "base64url"));
    if (!isSigned) throw new ConfabError("invalid_ticket");
    const { alg, crit } = decodeProtectedHeader(ticket);
    if (alg !== ALGORITHM || crit !== undefined) throw new ConfabError("invalid_ticket");
    return claims;
  }
}

function parseClaims(claims: Record<string, unknown>): Ticket {
  const { sub, jti, exp, workspace, token } = claims;
  const userId = parseUserId(String(sub));
  const workspaceId = parseWorkspaceId(String(workspace));
  if (!userId || !workspaceId || typeof jti !== "string" || typeof token !== "string") {
    throw new ConfabError("invalid_ticket");
  }
  return { caller: { userId, workspaceId, tokenId: token }, id: jti, expiresMs: Number(exp) * 1000 };
}

function parseWorkspaceId(text: string): WorkspaceId | undefined {
  return text.startsWith("W") ? (parseChannelId(text) as WorkspaceId | undefined) : undefined;
}
