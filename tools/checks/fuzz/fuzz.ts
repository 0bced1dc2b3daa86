import { Random } from "../../../tests/sim/random.js";
import type { Check } from "../check.js";
import { CoreLane } from "./core-lane.js";
import { liveBytes } from "./heap.js";
import { Tally } from "./tally.js";

/** Growth that is no leak: compiled code, tables that reach their size. */
const slackBytes = 500_000;
/** Bytes by which the heap may grow with each frame: below what a leak would be. */
const grownBytesPerFrameMax = 16;

/** A gateway withstands whatever is sent to it, and forgets it. */
export const fuzz: Check<"frames" | "seed"> = {
  name: "fuzz",
  about: "sends broken frames and requests to the gateway, gRPC and HTTP",
  flags: {
    frames: { standard: 100_000, about: "how many" },
    seed: { standard: 1, about: "where chance begins" },
  },
  async run(context, { frames, seed }) {
    const tally = new Tally();
    const lane = new CoreLane(new Random(seed), tally);
    await lane.start();
    context.defer(() => lane.close());
    lane.run(Math.ceil(frames / 5));
    const before = liveBytes();
    lane.run(Math.floor((frames * 4) / 5));
    const grown = liveBytes() - before;
    const { sent, refused, granted, closed } = tally;
    return {
      ok: grown < slackBytes + frames * grownBytesPerFrameMax,
      figures: { seed, sent, refused, granted, closed, grown },
    };
  },
};
