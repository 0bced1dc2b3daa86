import { setTimeout as wait } from "node:timers/promises";
import { inTurns } from "../tools/checks/in-turns.js";
import type { Bench, Outcome, Rounds } from "./bench.js";
import { Load } from "./load/load.js";
import type { Faults, Tally } from "./load/tally.js";
import { BusyMeter } from "./measure/busy.js";
import { Poster } from "./measure/poster.js";
import { quantile } from "./measure/spread.js";
import { BareSystem } from "./systems/bare.js";
import { ConfabSystem, onChoice } from "./systems/confab.js";
import type { System } from "./systems/system.js";

/** How long the last deliveries of a round may take, in ms. */
const settleMsMax = 10_000;
const pollMs = 20;

type FlagName = "sockets" | "channels" | "rate" | "seconds" | "rounds" | "textBytes";
type Sizes = Readonly<Record<FlagName, number>>;

/** How long a message takes from the moment in which posting it begins until a client has read it. */
export const latency: Bench<FlagName> = {
  name: "latency",
  about: "posts at a fixed rate, whatever the answers, and how long deliveries take",
  flags: {
    sockets: { standard: 200, about: "how many sockets listen to each server" },
    channels: { standard: 20, about: "how many channels are posted to in turn" },
    rate: { standard: 200, about: "how many messages a second" },
    seconds: { standard: 5, about: "how long a round is" },
    rounds: { standard: 5, about: "how many rounds" },
    textBytes: { standard: 200, about: "bytes of a message's text" },
  },
  choices: { on: onChoice },
  async run(context, flags): Promise<Outcome> {
    const shape = { ...flags, follow: 1, silent: 0 };
    const load = new Load();
    context.defer(() => load.close());
    const confab = await ConfabSystem.start(context, shape);
    await load.open(confab.name, await confab.plans());
    const confabPoster = new Poster(confab, flags.channels);
    await inTurns(flags.channels, 1, (channel) => confabPoster.post(channel));
    await settled(load, flags.sockets);
    const bare = await BareSystem.start(shape, await load.sample(confab.name));
    context.defer(() => bare.close());
    await load.open(bare.name, await bare.plans());
    const sides: [System, Poster][] = [
      [confab, confabPoster],
      [bare, new Poster(bare, flags.channels)],
    ];
    const rounds: Rounds = {};
    const faults: Faults = { lost: 0, duplicate: 0, stray: 0, closed: 0 };
    for (let round = 0; round <= flags.rounds; round++) {
      context.progress(round === 0 ? "warming up" : `round ${round} of ${flags.rounds}`);
      for (const [system, poster] of round % 2 === 0 ? sides : [...sides].reverse()) {
        const busy = system === confab ? new BusyMeter(confab.processes) : undefined;
        const { tally, lateMs } = await measure(poster, load, flags);
        for (const kind of ["lost", "duplicate", "stray", "closed"] as const)
          faults[kind] += tally.faults[kind];
        if (round > 0) note(rounds, system.name, tally, lateMs);
        if (round > 0 && busy) noteAll(rounds, busy.read().busy);
      }
    }
    return { rounds, faults: { ...faults } };
  },
};

/** Posts when it is time, never waiting for an answer. */
async function measure(poster: Poster, load: Load, { sockets, channels, rate, seconds }: Sizes) {
  await load.begin();
  const answers: Promise<void>[] = [];
  const lateMs: number[] = [];
  const began = performance.now();
  for (let post = 0; post < rate * seconds; post++) {
    const due = began + (post * 1000) / rate;
    const early = due - performance.now();
    if (early > 0) await wait(early);
    lateMs.push(performance.now() - due);
    answers.push(poster.post(post % channels));
  }
  await Promise.all(answers);
  const tally = await settled(load, (rate * seconds * sockets) / channels);
  return {
    tally,
    lateMs: quantile(
      lateMs.sort((a, b) => a - b),
      0.99,
    ),
  };
}

/** Waits for the last deliveries; what has not come by then is lost. */
async function settled(load: Load, due: number): Promise<Tally> {
  for (let waited = 0; ; waited += pollMs) {
    const tally = await load.end();
    const missing = due - tally.deliveries;
    if (missing <= 0) return tally;
    if (waited >= settleMsMax) return { ...tally, faults: { ...tally.faults, lost: missing } };
    await wait(pollMs);
  }
}

function noteAll(rounds: Rounds, figures: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(figures)) rounds[name] = [...(rounds[name] ?? []), value];
}

function note(rounds: Rounds, system: string, { latencyMs }: Tally, lateMs: number): void {
  for (const [name, value] of Object.entries({ ...latencyMs, lateP99: lateMs })) {
    const figure = `${system}${name[0]!.toUpperCase()}${name.slice(1)}Ms`;
    rounds[figure] = [...(rounds[figure] ?? []), value];
  }
}
