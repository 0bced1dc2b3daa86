import type { Bench, Rounds } from "./bench.js";
import { Owned, type Way } from "./measure/owned.js";

const ways: readonly Way[] = ["off", "unsampled", "sampled"];

/** What tracing costs at the owner of a channel: its whole path but the network and the disk. */
export const tracing: Bench<"posts" | "frame" | "rounds"> = {
  name: "tracing",
  about: "what a post costs its owner without tracing, with tracing unsampled, and sampled",
  flags: {
    posts: { standard: 10_000, about: "how many posts a round makes in each way" },
    frame: { standard: 64, about: "how many of them come together" },
    rounds: { standard: 9, about: "how many rounds" },
  },
  async run({ progress }, { posts, frame, rounds: count }) {
    const rounds: Rounds = {};
    const note = (figure: string, value: number) => {
      rounds[figure] = [...(rounds[figure] ?? []), Math.round(value * 1000) / 1000];
    };
    for (let round = 0; round <= count; round++) {
      progress(round === 0 ? "warming up" : `round ${round} of ${count}`);
      const us: Record<Way, number> = { off: 0, unsampled: 0, sampled: 0 };
      // None of them is always the first.
      for (let i = 0; i < ways.length; i++) {
        const way = ways[(round + i) % ways.length]!;
        us[way] = await measure(way, posts, frame);
      }
      if (round === 0) continue;
      for (const way of ways) note(`${way}UsPerPost`, us[way]);
      note("unsampledToOff", us.unsampled / us.off);
      note("sampledToOff", us.sampled / us.off);
    }
    return { rounds, faults: {} };
  },
};

/** Microseconds of this process's time for a post. */
async function measure(way: Way, posts: number, frame: number): Promise<number> {
  const owned = await Owned.open(way);
  const before = process.cpuUsage();
  for (let left = posts; left > 0; left -= frame) await owned.post(Math.min(frame, left));
  const { user, system } = process.cpuUsage(before);
  owned.close();
  return (user + system) / posts;
}
