import type { Clock } from "../../lib/clock/clock.js";
import { type Gateway, gatewayEntry } from "../../lib/connect/gateways.js";
import type { Coordinator } from "../../lib/coordination/coordinator.js";
import { LastingRegistration } from "../../lib/coordination/lasting-registration.js";
import type { Log } from "../../lib/log/log.js";

/** What the registration of a gateway is made of. */
export interface GatewayRegistrationParts {
  readonly clock: Clock;
  readonly coordinator: Coordinator;
  readonly log: Pick<Log, "warn">;
  readonly gateway: Gateway;
}

/**
 * Offers a gateway to clients from `start` until `close`, in place of a former life of it; it is there again
 * whenever it was lost.
 */
export function gatewayRegistration(parts: GatewayRegistrationParts): LastingRegistration {
  const { clock, coordinator, log, gateway } = parts;
  const { id, url } = gateway;
  const told = (state: string) => log.warn({ id, url, state }, "the registration of a gateway changed");
  const entry = gatewayEntry(gateway);
  return new LastingRegistration({ clock, coordinator, entry, mayReplace: () => true, told });
}
