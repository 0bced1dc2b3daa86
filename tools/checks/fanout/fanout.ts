import { setTimeout as wait } from "node:timers/promises";
import type { Event } from "../../../gen/confab/v1/types.js";
import { createChannels, readLogs } from "../api.js";
import type { Check } from "../check.js";
import { Ledger } from "../posting/ledger.js";
import { postAll } from "../posting/post-all.js";
import { serverArgs, serverFlags, startServer } from "../start-server.js";
import { Audience, type Heard } from "./audience.js";
import { EarlyListener } from "./early.js";
import { StoredSeqs } from "./stored-seqs.js";

const quietMsMax = 10_000;
const pollMs = 200;

type FlagName =
  | "posts"
  | "callers"
  | "batch"
  | "channels"
  | "sockets"
  | "follow"
  | "channelServers"
  | "gateways";

/**
 * Every socket gets every post of the channels that it follows, once, in order, and never before it is
 * stored.
 */
export const fanout: Check<FlagName> = {
  name: "fanout",
  about: "posts under many followers and compares what each got with what was stored, and when",
  flags: {
    posts: { standard: 20_000, about: "how many messages to post" },
    callers: { standard: 20, about: "by how many callers at a time" },
    batch: { standard: 5, about: "how many messages in one call" },
    channels: { standard: 50, about: "into how many channels" },
    sockets: { standard: 100, about: "how many sockets listen" },
    follow: { standard: 10, about: "how many channels each of them follows" },
    ...serverFlags,
  },
  async run(context, flags) {
    const { folder, signal, progress, defer } = context;
    const { ready, api } = await startServer(context, { args: serverArgs(flags) });
    const channels = await createChannels(api, flags.channels);
    const stored = new StoredSeqs(folder);
    defer(() => stored.close());
    const audience = new Audience(followedBy(flags.sockets, flags.follow, channels), stored);
    defer(() => audience.close());
    await audience.open(ready);
    const early = await EarlyListener.open({ folder, server: ready, channels });
    defer(() => early.close());
    progress("listening", { sockets: flags.sockets, readyMs: ready.ms });
    const ledger = new Ledger();
    const settling = { api: async () => api, random: Math.random, halt: signal };
    await postAll({ ...flags, channels }, ledger, settling);
    progress("posted", { acked: ledger.count(({ position }) => position !== undefined) });
    const logs = await readLogs(api, channels);
    const newest = new Map([...logs].map(([channelId, events]) => [channelId, events.at(-1)?.seq ?? 0]));
    const heard = await listenToTheEnd(audience, early, newest);
    return judge(flags.posts, heard, ledger, logs);
  },
};

/** Which channels each socket follows: all channels have the same number of followers, or one more. */
function followedBy(sockets: number, follow: number, channels: readonly string[]): string[][] {
  return Array.from({ length: sockets }, (_, socket) => {
    const indices = Array.from({ length: Math.min(follow, channels.length) }, (_, i) => socket * follow + i);
    return indices.flatMap((index) => channels[index % channels.length] ?? []);
  });
}

/** Waits until nothing is missing, or nothing came for a while. */
async function listenToTheEnd(
  audience: Audience,
  early: EarlyListener,
  newest: ReadonlyMap<string, number>,
): Promise<Heard & { missing: number }> {
  let deliveries = -1;
  for (let quietMs = 0; ; quietMs += pollMs) {
    const [mine, other] = [
      { ...audience.heard(), missing: audience.missing(newest) },
      await early.heard(newest),
    ];
    const heard = add(mine, other);
    if (heard.missing === 0 || quietMs >= quietMsMax) return heard;
    if (heard.deliveries !== deliveries) quietMs = 0;
    deliveries = heard.deliveries;
    await wait(pollMs);
  }
}

function add(a: Heard & { missing: number }, b: Heard & { missing: number }): Heard & { missing: number } {
  return {
    deliveries: a.deliveries + b.deliveries,
    missing: a.missing + b.missing,
    duplicate: a.duplicate + b.duplicate,
    reordered: a.reordered + b.reordered,
    beforeStored: a.beforeStored + b.beforeStored,
    different: a.different + b.different,
    troubles: a.troubles + b.troubles,
  };
}

function judge(
  posts: number,
  heard: Heard & { missing: number },
  ledger: Ledger,
  logs: ReadonlyMap<string, readonly Event[]>,
) {
  const { acked, lost, ...audit } = ledger.audit(logs);
  const duplicate = heard.duplicate + audit.duplicate;
  const reordered = heard.reordered + audit.reordered;
  const figures = { posts, acked, ...heard, lost, duplicate, reordered, unexpected: audit.unexpected };
  const { deliveries, acked: _acked, posts: _posts, ...faults } = figures;
  const ok = acked === posts && deliveries > 0 && Object.values(faults).every((count) => count === 0);
  return { ok, figures };
}
