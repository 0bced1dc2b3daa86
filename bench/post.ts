import { inTurns } from "../tools/checks/in-turns.js";
import type { Bench, BenchContext, Outcome, Rounds } from "./bench.js";
import { BusyMeter } from "./measure/busy.js";
import { Poster } from "./measure/poster.js";
import { type CpuUs, cpuBetween, cpuOf } from "./measure/process-cpu.js";
import { quantile } from "./measure/spread.js";
import { walTransactions } from "./measure/wal-transactions.js";
import { ConfabSystem, confirmChoice, onChoice } from "./systems/confab.js";

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
  choices: { on: onChoice, confirm: confirmChoice },
  async run(context, flags) {
    const sides = await openAll(context, flags);
    const kinds = [
      { name: "single", calls: flags.calls, batch: 1 },
      { name: "batched", calls: flags.batchCalls, batch: flags.batch },
    ];
    const rounds: Rounds = {};
    for (let round = 0; round <= flags.rounds; round++) {
      context.progress(round === 0 ? "warming up" : `round ${round} of ${flags.rounds}`);
      for (const { name, ...plan } of kinds) {
        for (const { prefix, system, poster } of round % 2 === 0 ? sides : [...sides].reverse()) {
          const figures = await measure(system, poster, context.folder, { ...flags, ...plan });
          if (round > 0) note(rounds, prefix + name, figures);
        }
      }
    }
    return { rounds, faults: {} } satisfies Outcome;
  },
};

/** What is measured, side by side. */
interface Side {
  /** Of its figures' names. */
  readonly prefix: string;
  readonly system: ConfabSystem;
  readonly poster: Poster;
}

async function openAll(context: BenchContext, flags: Sizes): Promise<Side[]> {
  const { confirm = "with" } = context.chosen;
  const shape = { ...flags, sockets: 0, follow: 0, silent: 0 };
  const sides: Side[] = [];
  for (const confirms of [true, false]) {
    if (confirm !== "both" && (confirm === "with") !== confirms) continue;
    const system = await ConfabSystem.start(context, shape, confirms);
    const prefix = confirms ? "" : "unconfirmed-";
    sides.push({ prefix, system, poster: new Poster(system, flags.channels) });
  }
  return sides;
}

function note(rounds: Rounds, name: string, figures: Readonly<Record<string, number>>): void {
  for (const [figure, value] of Object.entries(figures)) {
    rounds[name + figure] = [...(rounds[name + figure] ?? []), value];
  }
}

async function measure(system: ConfabSystem, poster: Poster, folder: string, flags: Sizes) {
  const { calls, callers, batch, channels } = flags;
  const meter = new BusyMeter(system.processes);
  const server = system.pid > 0 ? new ServerMeter(system.pid, folder) : undefined;
  const own = process.cpuUsage();
  const answerMs: number[] = [];
  const began = performance.now();
  await inTurns(calls, callers, async (call) => {
    const asked = performance.now();
    await poster.post(call % channels, batch);
    answerMs.push(performance.now() - asked);
  });
  const us = (performance.now() - began) * 1000;
  const { cpuUs, busy } = meter.read();
  const { user, system: kernel } = process.cpuUsage(own);
  const posts = calls * batch;
  answerMs.sort((a, b) => a - b);
  return {
    PostsPerSecond: (posts / us) * 1e6,
    AnswerP50Ms: quantile(answerMs, 0.5),
    AnswerP99Ms: quantile(answerMs, 0.99),
    CpuUsPerPost: cpuUs / posts,
    /** Shares of one core: of the callers, and of what is measured. */
    CallersBusy: (user + kernel) / us,
    ...(server ? server.read(us, posts) : capitalized(busy)),
  };
}

/** What an all-in-one server spends its time on. */
class ServerMeter {
  readonly #cpu: CpuUs;
  readonly #transactions: number;

  constructor(
    private readonly pid: number,
    private readonly folder: string,
  ) {
    this.#cpu = cpuOf(pid);
    this.#transactions = walTransactions(folder);
  }

  read(us: number, posts: number) {
    const { all, loop } = cpuBetween(this.#cpu, cpuOf(this.pid));
    // A counter of 32 bits goes round.
    const transactions = (walTransactions(this.folder) - this.#transactions) >>> 0;
    return {
      LoopCpuUsPerPost: loop / posts,
      /** Shares of one core: of the event loop, and of the other threads. */
      LoopBusy: loop / us,
      OtherThreadsBusy: (all - loop) / us,
      TransactionsPerSecond: (transactions / us) * 1e6,
      PostsPerTransaction: posts / transactions,
    };
  }
}

function capitalized(figures: Readonly<Record<string, number>>): Record<string, number> {
  const entries = Object.entries(figures);
  return Object.fromEntries(entries.map(([name, value]) => [name[0]!.toUpperCase() + name.slice(1), value]));
}
