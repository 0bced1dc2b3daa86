import { randomInt } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { type Api, connect, createChannels, readLogs } from "../api.js";
import type { Check, CheckContext } from "../check.js";
import { LocalServer } from "../local-server.js";
import { Ledger } from "../posting/ledger.js";
import { serverArgs, serverFlags } from "../start-server.js";
import { Caller } from "./caller.js";

const loadMsMin = 300;
const loadMsMax = 1500;

type FlagName = "rounds" | "callers" | "channels" | "channelServers" | "gateways";

/** A server that is killed now and then, and the connection to its present life. */
class Victim {
  #api: Promise<Api>;

  constructor(private readonly server: LocalServer) {
    this.#api = this.#start();
  }

  api(): Promise<Api> {
    return this.#api;
  }

  /** Kills the server and starts it again; resolves with the milliseconds until it served. */
  async killAndStart(): Promise<number> {
    const old = await this.#api;
    const killed = this.server.kill();
    this.#api = killed.then(() => this.#start());
    const began = performance.now();
    await this.#api;
    old.close();
    return Math.round(performance.now() - began);
  }

  async #start(): Promise<Api> {
    return connect(await this.server.start());
  }

  async close(): Promise<void> {
    const api = await this.#api.catch(() => undefined);
    api?.close();
    await this.server.close();
  }
}

/**
 * No acknowledged post is lost, doubled or reordered by killing the server, on the same disk (G1, G2, G4,
 * G8).
 */
export const crash: Check<FlagName> = {
  name: "crash",
  about: "kills the server under load, again and again, and compares what it acknowledged with what it kept",
  flags: {
    rounds: { standard: 5, about: "how often to kill" },
    callers: { standard: 8, about: "how many callers post at a time" },
    channels: { standard: 6, about: "into how many channels" },
    ...serverFlags,
  },
  async run(context, flags) {
    const victim = new Victim(new LocalServer(context.folder, serverArgs(flags)));
    context.defer(() => victim.close());
    const channels = await createChannels(await victim.api(), flags.channels);
    const ledger = new Ledger();
    await underLoad(context, flags.callers, { channels, ledger, victim }, () =>
      killRepeatedly(context, flags.rounds, ledger, victim),
    );
    const logs = await readLogs(await victim.api(), channels);
    const open = ledger.count(({ position }) => !position);
    const audit = ledger.audit(logs);
    const { acked, ...faults } = { ...audit, open };
    const ok = acked > 0 && Object.values(faults).every((count) => count === 0);
    const figures = { rounds: flags.rounds, ...audit, open };
    return { ok, figures };
  },
};

interface Load {
  readonly channels: readonly string[];
  readonly ledger: Ledger;
  readonly victim: Victim;
}

/** Has callers post while something is done, and then finish what they have begun. */
async function underLoad(
  context: CheckContext,
  callers: number,
  { channels, ledger, victim }: Load,
  work: () => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, context.signal]);
  const api = () => victim.api();
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
    await wait(randomInt(loadMsMin, loadMsMax), undefined, { signal });
    const acked = ledger.count(isAcked);
    if (acked === before) throw new Error(`round ${round}: no post was acknowledged before the kill`);
    const open = ledger.count((post) => !isAcked(post));
    const downMs = await victim.killAndStart();
    progress("killed", { round, acked, open, downMs });
  }
}
