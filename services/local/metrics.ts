import type { GatewayCounts } from "../gateway/meter.js";
import type { GatewayServer } from "../gateway/server.js";

/** One gateway, and what is counted of it. */
interface Measured {
  readonly id: string;
  readonly server: Pick<GatewayServer, "sessionCount">;
  readonly counts: GatewayCounts;
}

/** Metrics of one process in Prometheus' text format. */
export function metricsText(gateways: readonly Measured[]): string {
  const sessions = gateways.map(
    ({ id, server }) => `confab_gateway_sessions{server="${id}"} ${server.sessionCount}`,
  );
  const catchUps = gateways.flatMap(({ id, counts }) =>
    Object.entries(counts.catchUpEvents).map(
      ([source, count]) => `confab_gateway_catch_up_events_total{source="${source}",server="${id}"} ${count}`,
    ),
  );
  return [
    "# HELP confab_gateway_sessions Clients' connections.",
    "# TYPE confab_gateway_sessions gauge",
    ...sessions,
    "# HELP confab_gateway_catch_up_events_total Events sent to clients that had missed them, by source.",
    "# TYPE confab_gateway_catch_up_events_total counter",
    ...catchUps,
    "# HELP confab_process_resident_memory_bytes Memory of the process.",
    "# TYPE confab_process_resident_memory_bytes gauge",
    `confab_process_resident_memory_bytes ${process.memoryUsage.rss()}`,
    "",
  ].join("\n");
}
