import type { CatchUpSource, GatewayMeter } from "./core/meter.js";

/** Counts what a gateway does. */
export class GatewayCounts implements GatewayMeter {
  readonly catchUpEvents: Record<CatchUpSource, number> = { ring: 0, owner: 0, store: 0 };

  caughtUp(source: CatchUpSource, events: number): void {
    this.catchUpEvents[source] += events;
  }
}
