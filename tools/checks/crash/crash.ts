import { randomInt } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { createChannels, readLogs } from "../api.js";
import type { Check, CheckContext, Figures } from "../check.js";
import { Ledger } from "../posting/ledger.js";
import { serverArgs, serverFlags } from "../start-server.js";
import { Caller } from "./caller.js";
import { type ServerVictim, serverOnCassandra, serverOnSqlite, type Victim } from "./victims.js";

const loadMsMin = 300;
const loadMsMax = 1500;
/** For so long a server that is back may acknowledge nothing, in ms. */
const idleMsMax = 120_000;

type FlagName = "rounds" | "callers" | "channels" | "channelServers" | "gateways";

/**
 * No acknowledged post is lost, doubled or reordered by killing the server, on the same disk, or the store
 * (G1, G2, G4, G8).
 */
export const crash: Check<FlagName> = {
  name: "crash",
  about: "kills servers under load, again and again, and compares what was acknowledged with what was kept",
  flags: {
    rounds: { standard: 5, about: "how often to kill, each process that is killed" },
    callers: { standard: 8, about: "how many callers post at a time" },
    channels: { standard: 6, about: "into how many channels" },
    ...serverFlags,
  },
  choices: {
    on: { standard: "sqlite", words: ["sqlite", "cassandra"], about: "which store; Cassandra is killed too" },
  },
  async run(context, flags) {
    const { server, victims } = await startVictims(context, serverArgs(flags));
    const total: Record<string, number> = {};
    let ok = true;
    for (const victim of victims) {
      const figures = await killUnderLoad(context, flags, server, victim);
      if (victims.length > 1) context.progress(`${victim.name} killed`, figures);
      const { rounds, acked = 0, ...faults } = figures;
      ok &&= acked > 0 && Object.values(faults).every((count) => count === 0);
      for (const [name, count] of Object.entries(figures)) total[name] = (total[name] ?? 0) + count;
    }
    return { ok, figures: total };
  },
};

async function startVictims(
  context: CheckContext,
  args: readonly string[],
): Promise<{ server: ServerVictim; victims: Victim[] }> {
  if (context.chosen.on === "cassandra") {
    const { server, cassandra } = await serverOnCassandra(context, args);
    return { server, victims: [cassandra, server] };
  }
  const server = serverOnSqlite(context, args);
  return { server, victims: [server] };
}

/** What came of killing one victim while others post, by the audit of what was kept. */
async function killUnderLoad(
  context: CheckContext,
  { rounds, callers, channels: count }: Readonly<Record<FlagName, number>>,
  server: ServerVictim,
  victim: Victim,
): Promise<Figures> {
  const channels = await createChannels(await server.api(), count, { prefix: victim.name });
  const ledger = new Ledger();
  await underLoad(context, callers, { channels, ledger, server }, () =>
    killRepeatedly(context, rounds, ledger, victim),
  );
  const logs = await readLogs(await server.api(), channels);
  return { rounds, ...ledger.audit(logs), open: ledger.count(({ position }) => !position) };
}

interface Load {
  readonly channels: readonly string[];
  readonly ledger: Ledger;
  readonly server: ServerVictim;
}

/** Has callers post while something is done, and then finish what they have begun. */
async function underLoad(
  context: CheckContext,
  callers: number,
  { channels, ledger, server }: Load,
  work: () => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, context.signal]);
  const api = () => server.api();
  const running = Array.from({ length: callers }, (_, i) =>
    new Caller({
      name: `caller${i + 1}`,
      channels,
      ledger,
      api,
      random: Math.random,
      halt: context.signal,
    }).run(signal),
  );
  const all = Promise.all(running);
  try {
    await Promise.race([work(), all]);
  } finally {
    stop.abort();
  }
  await all;
}

async function killRepeatedly(
  { progress, signal }: CheckContext,
  rounds: number,
  ledger: Ledger,
  victim: Victim,
): Promise<void> {
  const isAcked = ({ position }: { position?: unknown }) => position !== undefined;
  for (let round = 1; round <= rounds; round++) {
    const before = ledger.count(isAcked);
    const until = performance.now() + idleMsMax;
    do {
      await wait(randomInt(loadMsMin, loadMsMax), undefined, { signal });
      if (performance.now() > until) throw new Error(`round ${round}: nothing is acknowledged any more`);
    } while (ledger.count(isAcked) === before);
    const acked = ledger.count(isAcked);
    const open = ledger.count((post) => !isAcked(post));
    const downMs = await victim.killAndStart();
    progress("killed", { round, acked, open, downMs });
  }
}
