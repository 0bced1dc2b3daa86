import type { Clock, Timer } from "../clock/clock.js";
import type { Metrics } from "./metrics.js";

/** How often the event loop's lag is looked at, in ms. */
const lookMs = 100;

/** Measures the process, until it is closed. */
export class ProcessMetrics {
  #timer: Timer | undefined;

  constructor(metrics: Metrics, clock: Clock) {
    metrics.readCounter("cpuSeconds", () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    });
    metrics.gauge("residentBytes", () => process.memoryUsage.rss());
    metrics.gauge("heapBytes", () => process.memoryUsage().heapUsed);
    metrics.gauge("startSeconds", () => performance.timeOrigin / 1000);
    const lag = metrics.histogram("lagSeconds");
    const look = () => {
      const due = clock.now() + lookMs;
      this.#timer = clock.after(lookMs, () => {
        lag.observe(Math.max(0, clock.now() - due) / 1000);
        look();
      });
    };
    look();
  }

  /** Looks at the event loop no more. Safe to call twice. */
  close(): void {
    this.#timer?.cancel();
  }
}
