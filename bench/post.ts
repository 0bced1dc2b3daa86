import { inTurns } from "../tools/checks/in-turns.js";
import type { Bench, BenchContext, Outcome, Rounds } from "./bench.js";
import { Poster } from "./measure/poster.js";
import { cpuBetween, cpuOf } from "./measure/process-cpu.js";
import { walTransactions } from "./measure/wal-transactions.js";
import { ConfabSystem } from "./systems/confab.js";

type FlagName = "channels" | "calls" | "callers" | "batch" | "batchCalls" | "rounds" | "textBytes";
type Sizes = Readonly<Record<FlagName, number>>;

/** How fast posts are stored and answered, singly and in batches, and what the server spends on it. */
export const post: Bench<FlagName> = {
  name: "post",
  about: "posts a second, singly and in batches, without any socket",
  flags: {
    channels: { standard: 50, about: "how many channels are posted to" },
    calls: { standard: 5000, about: "how many calls with one message a round makes" },
    callers: { standard: 100, about: "how many calls are under way" },
    batch: { standard: 50, about: "how many messages a call with many has" },
    batchCalls: { standard: 400, about: "how many calls with many messages a round makes" },
    rounds: { standard: 5, about: "how many rounds" },
    textBytes: { standard: 200, about: "bytes of a message's text" },
  },
  async run(context, flags) {
    const { system, poster } = await open(context, flags);
    const kinds = [
      { name: "single", calls: flags.calls, batch: 1 },
      { name: "batched", calls: flags.batchCalls, batch: flags.batch },
    ];
    const rounds: Rounds = {};
    for (let round = 0; round <= flags.rounds; round++) {
      context.progress(round === 0 ? "warming up" : `round ${round} of ${flags.rounds}`);
      for (const { name, ...plan } of kinds) {
        const figures = await measure(system, poster, context.folder, { ...flags, ...plan });
        if (round === 0) continue;
        for (const [figure, value] of Object.entries(figures)) {
          rounds[name + figure] = [...(rounds[name + figure] ?? []), value];
        }
      }
    }
    return { rounds, faults: {} } satisfies Outcome;
  },
};

async function open(context: BenchContext, flags: Sizes) {
  const shape = { ...flags, sockets: 0, follow: 0, silent: 0 };
  const system = await ConfabSystem.start(context, shape);
  return { system, poster: new Poster(system, flags.channels) };
}

async function measure(system: ConfabSystem, poster: Poster, folder: string, flags: Sizes) {
  const { calls, callers, batch, channels } = flags;
  const before = { cpu: cpuOf(system.pid), own: process.cpuUsage(), transactions: walTransactions(folder) };
  const began = performance.now();
  await inTurns(calls, callers, (call) => poster.post(call % channels, batch));
  const us = (performance.now() - began) * 1000;
  const { all, loop } = cpuBetween(before.cpu, cpuOf(system.pid));
  const own = process.cpuUsage(before.own);
  // A counter of 32 bits goes round.
  const transactions = (walTransactions(folder) - before.transactions) >>> 0;
  const posts = calls * batch;
  return {
    PostsPerSecond: (posts / us) * 1e6,
    CpuUsPerPost: all / posts,
    LoopCpuUsPerPost: loop / posts,
    /** Shares of one core: of the server's event loop, its other threads, and the callers. */
    LoopBusy: loop / us,
    OtherThreadsBusy: (all - loop) / us,
    CallersBusy: (own.user + own.system) / us,
    TransactionsPerSecond: (transactions / us) * 1e6,
    PostsPerTransaction: posts / transactions,
  };
}
