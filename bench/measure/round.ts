import { setTimeout as wait } from "node:timers/promises";
import { inTurns } from "../../tools/checks/in-turns.js";
import type { Load } from "../load/load.js";
import type { Tally } from "../load/tally.js";
import type { System } from "../systems/system.js";
import type { Poster } from "./poster.js";
import { type CpuUs, cpuBetween, cpuOf } from "./process-cpu.js";

/** What is posted in a round: channel after channel, one call at a time in each. */
export interface RoundPlan {
  readonly calls: number;
  /** Messages of one call. */
  readonly batch: number;
  /** Most channels with a message under way. */
  readonly window: number;
  /** The channels: so many from `first` on. */
  readonly first: number;
  readonly channels: number;
  /** Least time from one call in a channel's lane to the next, in ms: both servers work at the same pace. */
  readonly paceMs: number;
  /** The next call waits until all followers have the messages of the last one. */
  readonly followed: boolean;
}

/** What a round cost and brought. */
export interface Round {
  readonly cpuUs: CpuUs;
  readonly seconds: number;
  readonly tally: Tally;
}

/** Posts, waits for every delivery, and tells what the server spent meanwhile. */
export async function runRound(system: System, poster: Poster, load: Load, plan: RoundPlan): Promise<Round> {
  const lanes = Math.min(plan.window, plan.channels);
  await load.begin();
  const before = cpuOf(system.pid);
  const began = performance.now();
  await inTurns(lanes, lanes, async (lane) => {
    for (let call = lane; call < plan.calls; call += lanes) {
      const due = wait(plan.paceMs);
      const channel = plan.first + channelOf(call, lanes, plan.channels);
      await poster.post(channel, plan.batch);
      if (plan.followed) await load.delivered(channel, plan.batch);
      await due;
    }
  });
  const seconds = (performance.now() - began) / 1000;
  return { cpuUs: cpuBetween(before, cpuOf(system.pid)), seconds, tally: await load.end() };
}

/** Channels are dealt out to lanes, so that a channel has one message under way at a time. */
export function channelOf(call: number, lanes: number, channels: number): number {
  const lane = call % lanes;
  const ofLane = Math.floor((channels - 1 - lane) / lanes) + 1;
  return lane + lanes * (Math.floor(call / lanes) % ofLane);
}
