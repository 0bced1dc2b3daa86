import type { Log } from "../../../lib/log/log.js";
import type { Store } from "../../../lib/store/store.js";
import type { SimNode } from "../node.js";
import type { SimClock } from "../sim-clock.js";
import type { SimCoordinator } from "../sim-coordinator.js";
import type { SimLinks } from "../sim-links.js";

/** One life of a host: everything that a service is given, each of it simulated and its own. */
export interface Process {
  readonly node: SimNode;
  readonly clock: SimClock;
  readonly random: () => number;
  readonly links: SimLinks;
  readonly store: Store;
  readonly coordinator: SimCoordinator;
  readonly log: Log;
}
