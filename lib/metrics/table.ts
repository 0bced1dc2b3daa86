import { counter, gauge, histogram, type MetricSpec } from "./spec.js";

/** Of a call over the network and what it waits for: from half a millisecond to ten seconds. */
const callSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Of one operation of a store: from a tenth of a millisecond to five seconds. */
const storeSeconds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
const lagSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
const counts = [1, 2, 4, 8, 16, 32, 64, 128, 256];
const manyCounts = [...counts, 1024, 4096, 16_384, 65_536];

/** All metrics of Confab, by the name that the code knows them by. */
export const metricTable = {
  rpcCalls: counter("rpc_calls", "calls", "Calls over gRPC answered, by method and error (`ok`: none).", [
    "method",
    "code",
  ]),
  rpcSeconds: histogram("rpc_duration_seconds", "seconds", "Time to answer a call over gRPC.", callSeconds, [
    "method",
    "code",
  ]),
  apiCalls: counter(
    "api_calls",
    "calls",
    "Calls of the Web API answered, by method and error (`ok`: none).",
    ["method", "code"],
  ),
  apiSeconds: histogram(
    "api_duration_seconds",
    "seconds",
    "Time to answer a call of the Web API.",
    callSeconds,
    ["method", "code"],
  ),
  rateLimited: counter("rate_limited", "refusals", "Requests refused because a token bucket was empty.", [
    "limit",
  ]),
  adminPending: gauge("admin_pending_commands", "commands", "Commands sent to owners, or waiting for one."),

  tracingSpans: counter(
    "tracing_spans",
    "spans",
    "Spans of sampled traces: `exported` to the collector, `failed` to be, or `dropped` as too many waited.",
    ["outcome"],
  ),

  commands: counter("channel_commands", "commands", "Commands answered by owners, by error (`ok`: none).", [
    "code",
  ]),
  posts: counter("channel_posts", "messages", "Messages stored and confirmed."),
  appendRows: histogram("channel_append_rows", "rows", "Rows of one append to a channel's log.", counts),
  storeSeconds: histogram(
    "channel_store_duration_seconds",
    "seconds",
    "Time that an owner waits for the store, by operation (`append`, `confirm` …) and outcome.",
    storeSeconds,
    ["operation", "outcome"],
  ),
  activations: counter("channel_activations", "channels", "Channels found in the store and opened."),
  evictions: counter("channel_evicted", "channels", "Channels taken out of memory because they were idle."),
  proposedAgain: counter(
    "channel_reproposals",
    "appends",
    "Last appends of an owner that did not release, written again by the next.",
  ),
  livesEnded: counter("channel_lives_ended", "lives", "Lives of channel servers that ended, by why.", [
    "reason",
  ]),
  releases: counter(
    "channel_releases",
    "slots",
    "Slots that their owner was to release, by what came of a try: `moved`, `given_up`, `unknown` at first.",
    ["outcome"],
  ),
  ownedSlots: gauge("channel_owned_slots", "slots", "Slots of the ring that a channel server owns."),
  activeChannels: gauge(
    "channel_active_channels",
    "channels",
    "Channels that a channel server has in memory.",
  ),
  waitingCommands: gauge(
    "channel_waiting_commands",
    "commands",
    "Commands that wait for their place in a log.",
  ),
  reads: counter(
    "channel_read_events",
    "events",
    "Events read for pages and gateways, by where they came from.",
    ["source"],
  ),
  fanOutEvents: counter("channel_fanout_events", "events", "Events sent to gateways, once for each gateway."),
  fanOutFrames: counter("channel_fanout_frames", "frames", "Frames sent to gateways."),

  sessions: gauge("gateway_sessions", "connections", "Clients' connections."),
  connects: counter("gateway_connects", "connections", "Connections let in."),
  closes: counter(
    "gateway_closes",
    "connections",
    "Connections ended, by close code (`other`: none of ours).",
    ["code"],
  ),
  subscriptions: gauge(
    "gateway_subscriptions",
    "subscriptions",
    "Channels followed, once for each connection.",
    ["state"],
  ),
  feeds: gauge("gateway_channels", "channels", "Channels that a gateway receives."),
  clientFrames: counter("gateway_client_frames", "frames", "Frames received from clients."),
  deliveries: counter("gateway_deliveries", "events", "Events sent to live followers, once for each."),
  catchUps: counter(
    "gateway_catch_up_events",
    "events",
    "Events sent to clients that had missed them: from the `ring` here, the `owner`'s memory, the `store`.",
    ["source"],
  ),
  gapsTold: counter("gateway_gaps", "gaps", "Gaps that clients were told of, to be paged by themselves."),
  feedGaps: counter("gateway_feed_gaps", "gaps", "Gaps on streams from owners, which the gateway fetched."),

  fences: counter("charm_fences", "fences", "Incarnations of channel servers that were fenced."),
  slotsGiven: counter("charm_slots_given", "slots", "Slots that were given to an owner."),
  elections: counter("charm_elections", "elections", "Times that this ring manager was elected to act."),
  movesUnderWay: gauge("charm_moves_under_way", "slots", "Slots that living owners are asked to release."),
  members: gauge(
    "charm_members",
    "members",
    "Channel servers that are registered, neither silent nor fenced.",
  ),
  silentMembers: gauge("charm_silent_members", "members", "Channel servers that give no sign of life."),
  unfitMembers: gauge(
    "charm_unfit_members",
    "members",
    "Channel servers that live and get no slots: not heard yet, or with a clock that is off.",
  ),
  pins: gauge("charm_pins", "slots", "Slots that operators have pinned to members."),
  drains: gauge("charm_drains", "members", "Members that operators want to own nothing."),
  charmLeads: gauge("charm_leads", "boolean", "Whether this ring manager acts, as far as it knows: 1 or 0."),

  batchOperations: histogram(
    "sqlite_batch_operations",
    "operations",
    "Operations of one batch; its writes are one transaction.",
    manyCounts,
  ),
  batchSeconds: histogram("sqlite_batch_duration_seconds", "seconds", "Time of one batch.", storeSeconds),
  storeWaiting: gauge("sqlite_waiting_operations", "operations", "Operations that wait or are under way."),

  requestSeconds: histogram(
    "cassandra_request_duration_seconds",
    "seconds",
    "Time of one request to Cassandra, by what it is for and outcome.",
    storeSeconds,
    ["operation", "outcome"],
  ),
  requestsWaiting: gauge(
    "cassandra_waiting_requests",
    "requests",
    "Requests to Cassandra that wait or are under way.",
  ),

  lagSeconds: histogram(
    "event_loop_lag_seconds",
    "seconds",
    "By how much timers of the process came late, looked at ten times a second.",
    lagSeconds,
  ),
  cpuSeconds: counter("process_cpu_seconds", "seconds", "Processor time of the process."),
  residentBytes: gauge("process_resident_memory_bytes", "bytes", "Memory of the process."),
  heapBytes: gauge("process_heap_bytes", "bytes", "Memory that JavaScript objects take."),
  startSeconds: gauge(
    "process_start_time_seconds",
    "seconds",
    "When the process began, since the Unix epoch.",
  ),
} as const satisfies Record<string, MetricSpec>;

type Table = typeof metricTable;

/** Keys of the metrics of one type. */
export type KeyOf<Type extends MetricSpec["type"]> = {
  [Key in keyof Table]: Table[Key]["type"] extends Type ? Key : never;
}[keyof Table];

/** Labels of a metric. */
export type LabelOf<Key extends keyof Table> = Table[Key]["labels"][number];
