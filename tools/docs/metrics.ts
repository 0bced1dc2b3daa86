import { metricTable } from "../../lib/metrics/table.js";
import { code, type Page, page, table } from "./page.js";

/** All metrics. */
export function metricsPage(): Page {
  const rows = Object.values(metricTable).map(({ name, type, unit, labels, buckets, help }) => [
    code(name),
    type,
    unit,
    labels.map(code).join(", "),
    buckets.join(" "),
    help,
  ]);
  return page("docs/metrics.md", "Metrics", "`lib/metrics/table.ts`", [
    [
      "`GET /metrics` of the HTTP face answers in Prometheus' text format, to its own machine under a name",
      "of loopback only; others are told that there is no such path. Where several services run in one",
      "process, the label `server` tells them apart (`web`, `admin`, `channel-1`, `gateway-1` …); no label",
      "holds the id of a user, a channel or a connection. Labels that are known beforehand begin at 0.",
    ].join("\n"),
    table(["name", "type", "unit", "labels", "buckets", "meaning"], rows),
    "## What to look at",
    [
      "- Is it up to the load? `confab_channel_waiting_commands`, `confab_sqlite_waiting_operations`",
      "  and `confab_admin_pending_commands` near 0; the 99th percentile of `confab_event_loop_lag_seconds`",
      "  below 50 ms.",
      "- How long does storing take? `confab_channel_store_duration_seconds`: `append` and `confirm`.",
      "- Do reconnects reach the store? `confab_gateway_catch_up_events_total` by `source`.",
      "- Did ownership move by force? `confab_charm_fences_total`, `confab_channel_lives_ended_total` and",
      "  `confab_channel_reproposals_total` rise.",
      "- Who is held back? `confab_rate_limited_total` by `limit`.",
    ].join("\n"),
  ]);
}
