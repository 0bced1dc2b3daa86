import { type Api, createChannels, readLogs } from "../api.js";
import type { Check, CheckContext } from "../check.js";
import { MetricsSnapshot } from "../metrics.js";
import { Ledger } from "../posting/ledger.js";
import { postAll } from "../posting/post-all.js";
import { serverArgs, serverFlags, startServer } from "../start-server.js";
import { Crowd } from "./crowd.js";

const callers = 20;
const batch = 5;

type FlagName = "clients" | "posts" | "rate" | "channels" | "channelServers" | "gateways";

/**
 * Whoever comes back with a position gets what it missed, once and in order, before anything newer: from the
 * gateway's ring, the owner's memory or the store; beyond 1,000 events it is told what to read (G3, G5).
 */
export const resume: Check<FlagName> = {
  name: "resume",
  about: "drops clients at random moments under posts and compares what each got over its connections",
  flags: {
    clients: { standard: 200, about: "how many clients come and go" },
    posts: { standard: 20_000, about: "how many messages to post" },
    rate: { standard: 500, about: "how many in a second" },
    channels: { standard: 4, about: "into how many channels; each client follows one" },
    ...serverFlags,
  },
  async run(context, flags) {
    const { progress, defer } = context;
    const { ready, api } = await startServer(context, { args: serverArgs(flags) });
    const channels = await createChannels(api, flags.channels);
    const crowd = new Crowd(ready, api, channels, flags.clients);
    defer(() => crowd.close());
    await crowd.connect();
    progress("listening", { clients: flags.clients, readyMs: ready.ms });
    const ledger = new Ledger();
    const rate = await underPosts(context, { ...flags, channels }, { api, ledger, crowd });
    progress("posted", { postsPerSecond: rate });
    await crowd.connect();
    const logs = await readLogs(api, channels);
    for (const [channelId, events] of logs) {
      crowd.acked(channelId, events.length);
      for (const event of events) crowd.ids.saw(channelId, event);
    }
    await crowd.listenToTheEnd();
    return judge(flags, crowd, ledger.audit(logs), await MetricsSnapshot.read(ready));
  },
};

interface Plan {
  readonly posts: number;
  readonly rate: number;
  readonly channels: readonly string[];
}

interface Stage {
  readonly api: Api;
  readonly ledger: Ledger;
  readonly crowd: Crowd;
}

/** Has the clients come and go while all is posted; resolves with how many posts a second that were. */
async function underPosts({ signal }: CheckContext, plan: Plan, { api, ledger, crowd }: Stage) {
  const stop = new AbortController();
  const moving = crowd.comeAndGo(AbortSignal.any([stop.signal, signal]));
  const began = performance.now();
  const acked = (posts: readonly { channelId: string; position?: { seq: number } }[]) => {
    for (const { channelId, position } of posts) crowd.acked(channelId, position?.seq ?? 0);
  };
  const settling = { api: async () => api, random: Math.random, halt: signal };
  try {
    await Promise.race([postAll({ ...plan, callers, batch, acked }, ledger, settling), moving]);
  } finally {
    stop.abort();
  }
  const rate = Math.round((plan.posts * 1000) / (performance.now() - began));
  await moving;
  return rate;
}

function judge(
  { clients, posts }: { clients: number; posts: number },
  crowd: Crowd,
  { acked, ...audit }: ReturnType<Ledger["audit"]>,
  metrics: MetricsSnapshot,
) {
  const { deliveries, resumes, gaps, ...heard } = crowd.figures();
  const from = (source: string) => metrics.sum("confab_gateway_catch_up_events_total", { source });
  const sources = { fromRing: from("ring"), fromMemory: from("owner"), fromStore: from("store") };
  const duplicate = heard.duplicate + audit.duplicate;
  const reordered = heard.reordered + audit.reordered;
  const faults = { ...heard, duplicate, reordered, lost: audit.lost, unexpected: audit.unexpected };
  const isWhole = acked === posts && resumes > 0 && deliveries > 0;
  const ok = isWhole && all(sources, (count) => count > 0) && all(faults, (count) => count === 0);
  return { ok, figures: { clients, posts, acked, resumes, deliveries, ...sources, gaps, ...faults } };
}

function all(figures: Readonly<Record<string, number>>, holds: (figure: number) => boolean): boolean {
  return Object.values(figures).every(holds);
}
