import type { Clock } from "../../lib/clock/clock.js";
import { callMeter, refusalCounter } from "../../lib/metrics/call-meter.js";
import { Metrics, textOf } from "../../lib/metrics/metrics.js";
import { ProcessMetrics } from "../../lib/metrics/process-metrics.js";
import type { OnRefused } from "../../lib/rate-limit/refuse.js";
import { charmMeter } from "../charm/meter.js";

/** The metrics of all services of one process: each has its own, told apart by the label `server`. */
export class Meters {
  readonly #instances: Metrics[] = [];
  readonly #process: ProcessMetrics;

  constructor(clock: Clock) {
    this.#process = new ProcessMetrics(this.of(), clock);
  }

  /** New metrics for one instance. */
  of(server?: string): Metrics {
    const metrics = new Metrics(server);
    this.#instances.push(metrics);
    return metrics;
  }

  charm() {
    return charmMeter(this.of("charm"));
  }

  web() {
    return callMeter(this.of("web"), "api");
  }

  admin(pendingCommands: () => number) {
    const metrics = this.of("admin");
    metrics.gauge("adminPending", pendingCommands);
    return callMeter(metrics, "rpc");
  }

  /** For the limits of callers, which web and admin share here. */
  refusals(): OnRefused {
    return refusalCounter(this.of("web_admin"));
  }

  /** All of them in Prometheus' text format. */
  text(): Promise<string> {
    return textOf(this.#instances);
  }

  close(): void {
    this.#process.close();
  }
}
