import type { CryptoKey } from "jose";
import { Authenticator } from "../auth/authenticator.js";
import { TicketIssuer } from "../auth/ticket.js";
import type { Clock } from "../clock/clock.js";
import { ConnectFlow } from "../connect/connect-flow.js";
import type { Coordinator } from "../coordination/coordinator.js";
import { makeId } from "../ids/ids.js";
import type { Log } from "../log/log.js";
import type { CallerLimits } from "../rate-limit/caller-limits.js";
import type { DirectoryStore } from "../store/directory-store.js";

/** What the faces of Confab are made of, as far as they are alike. */
interface CallerPartsOptions {
  readonly clock: Clock;
  /** A number from 0 to below 1. */
  readonly random: () => number;
  readonly log: Log;
  readonly coordinator: Pick<Coordinator, "watch">;
  readonly directory: DirectoryStore;
  readonly limits: CallerLimits;
  /** Signs tickets. */
  readonly signingKey: CryptoKey;
}

/** What web and admin both know callers by and send them on with. The connect flow is to be closed. */
export function createCallerParts(options: CallerPartsOptions) {
  const { clock, random, log, coordinator, directory, limits, signingKey } = options;
  const issuer = new TicketIssuer(signingKey, clock, () => makeId("B", random).slice(1));
  const connectFlow = new ConnectFlow(coordinator, issuer, random, log, limits);
  const authenticator = new Authenticator(directory, clock);
  return { authenticator, connectFlow, directory, clock, log, limits };
}
