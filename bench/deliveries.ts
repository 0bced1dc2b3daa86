import type { Bench, BenchContext, Outcome, Rounds } from "./bench.js";
import { Load } from "./load/load.js";
import type { Faults } from "./load/tally.js";
import { Poster } from "./measure/poster.js";
import { type RoundPlan, runRound } from "./measure/round.js";
import { BareSystem } from "./systems/bare.js";
import { ConfabSystem } from "./systems/confab.js";
import type { Shape, System } from "./systems/system.js";

type FlagName =
  | "sockets"
  | "channels"
  | "follow"
  | "calls"
  | "batch"
  | "window"
  | "paceMs"
  | "rounds"
  | "textBytes";
type Sizes = Readonly<Record<FlagName, number>>;

/** How many channels have no followers: posts to them cost what posting costs without any delivery. */
const silent = 100;
/** Calls before the first round, so that the compilers are done, and how many are under way. */
const warmUpCalls = 5000;
const warmUpWindow = 32;

/** A server, its poster, and the share of the load's sockets that listen to it. */
interface Side {
  readonly system: System;
  readonly poster: Poster;
}

/** What every round has in common. */
const common = { batch: 1, paceMs: 20, rounds: 5, textBytes: 200 };

/** One message at a time goes to everybody: what a delivery costs, and nothing else. */
export const fanout = delivering("fanout", "one channel with many sockets", {
  ...{ sockets: 1000, channels: 1, follow: 1, calls: 100, window: 1 },
  ...common,
});

/** Posting weighs more than delivering. */
export const rooms = delivering("rooms", "many channels with a few sockets each", {
  ...{ sockets: 2000, channels: 200, follow: 1, calls: 2000, window: 32 },
  ...common,
});

/** Posting is nearly everything. */
export const firehose = delivering("firehose", "very many channels, sockets that follow some of them", {
  ...{ sockets: 2000, channels: 20_000, follow: 20, calls: 4000, window: 32 },
  ...common,
});

function delivering(name: string, about: string, sizes: Sizes): Bench<FlagName> {
  const abouts: Readonly<Record<FlagName, string>> = {
    sockets: "how many sockets listen to each server",
    channels: "how many channels are posted to",
    follow: "how many channels each socket follows",
    calls: "how many calls a round posts by",
    batch: "how many messages one call posts",
    window: "in how many channels a message may be under way",
    paceMs: "ms from one message to the next at the least, times the window",
    rounds: "how many rounds",
    textBytes: "bytes of a message's text",
  };
  const names = Object.keys(sizes) as FlagName[];
  const flags = names.map((flag) => [flag, { standard: sizes[flag], about: abouts[flag] }] as const);
  return { name, about, flags: Object.fromEntries(flags) as Bench<FlagName>["flags"], run };
}

async function run(context: BenchContext, flags: Sizes): Promise<Outcome> {
  const shape = { ...flags, silent };
  const { load, sides } = await open(context, shape);
  const live = { ...flags, first: 0, followed: true };
  const unheard = { ...live, first: shape.channels, channels: shape.silent, followed: false };
  const rounds: Rounds = {};
  const faults: Faults = { lost: 0, duplicate: 0, stray: 0, closed: 0 };
  for (let round = 1; round <= flags.rounds; round++) {
    context.progress(`round ${round} of ${flags.rounds}`);
    const measured = new Map<string, Cost>();
    // Neither server is always the first.
    for (const side of round % 2 === 0 ? sides : [...sides].reverse()) {
      const cost = await measure(side, load, live, unheard, shape);
      measured.set(side.system.name, cost);
      for (const kind of ["lost", "duplicate", "stray", "closed"] as const) faults[kind] += cost.faults[kind];
    }
    note(rounds, measured);
  }
  return { rounds, faults: { ...faults } };
}

/** Starts both servers and their sockets; the second gets its frames from the first. */
async function open(context: BenchContext, shape: Shape & Sizes) {
  const load = new Load();
  context.defer(() => load.close());
  const confab = await ConfabSystem.start(context, shape);
  context.progress("connecting");
  await load.open(confab.name, await confab.plans());
  const confabSide = { system: confab, poster: new Poster(confab, shape.channels + shape.silent) };
  await warmUp(confabSide, load, shape);
  const bare = await BareSystem.start(shape, await load.sample(confab.name));
  context.defer(() => bare.close());
  await load.open(bare.name, await bare.plans());
  const bareSide = { system: bare, poster: new Poster(bare, shape.channels + shape.silent) };
  await warmUp(bareSide, load, shape);
  return { load, sides: [confabSide, bareSide] as const };
}

/** Every channel is used once, and the compilers have seen the code. */
async function warmUp({ system, poster }: Side, load: Load, shape: Shape & Sizes): Promise<void> {
  const unheard = { first: shape.channels, channels: shape.silent, followed: false };
  const plan = { ...unheard, batch: 1, calls: warmUpCalls, window: warmUpWindow, paceMs: 1 };
  await runRound(system, poster, load, plan);
  const calls = Math.max(shape.channels, shape.calls);
  await runRound(system, poster, load, { ...shape, calls, paceMs: 1, first: 0, followed: true });
}

interface Cost {
  readonly cpuUsPerDelivery: number;
  readonly cpuUsPerDeliveryWithPosting: number;
  readonly cpuUsPerPost: number;
  readonly loopCpuUsPerPost: number;
  readonly deliveriesPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly faults: Faults;
}

/** The same posts with and without followers: the difference is what the deliveries cost. */
async function measure(
  { system, poster }: Side,
  load: Load,
  live: RoundPlan,
  unheard: RoundPlan,
  { sockets, follow, channels }: Shape,
): Promise<Cost> {
  const without = await runRound(system, poster, load, unheard);
  const round = await runRound(system, poster, load, live);
  const { deliveries, faults, latencyMs } = round.tally;
  const posts = live.calls * live.batch;
  const due = (posts * sockets * follow) / channels;
  // What was lost at a channel's end shows only in the number, known where all have as many followers.
  const missing = (sockets * follow) % channels === 0 ? due - deliveries : 0;
  const postingUs = without.cpuUs.all;
  return {
    cpuUsPerDelivery: (round.cpuUs.all - postingUs) / deliveries,
    cpuUsPerDeliveryWithPosting: round.cpuUs.all / deliveries,
    cpuUsPerPost: postingUs / posts,
    loopCpuUsPerPost: without.cpuUs.loop / posts,
    deliveriesPerSecond: deliveries / round.seconds,
    p50Ms: latencyMs.p50,
    p99Ms: latencyMs.p99,
    faults: { ...faults, lost: Math.max(faults.lost, missing) },
  };
}

function note(rounds: Rounds, costs: ReadonlyMap<string, Cost>): void {
  const add = (figure: string, value: number) => {
    rounds[figure] = [...(rounds[figure] ?? []), value];
  };
  for (const [system, { faults, ...figures }] of costs) {
    for (const [figure, value] of Object.entries(figures)) {
      add(`${system}${figure[0]!.toUpperCase()}${figure.slice(1)}`, value);
    }
  }
  const [confab, bare] = [costs.get("confab")!, costs.get("bare")!];
  add("cpuPerDeliveryRatio", confab.cpuUsPerDelivery / bare.cpuUsPerDelivery);
  add(
    "cpuPerDeliveryWithPostingRatio",
    confab.cpuUsPerDeliveryWithPosting / bare.cpuUsPerDeliveryWithPosting,
  );
}
