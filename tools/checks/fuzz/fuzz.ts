import { hasUwsBinary } from "../../../services/gateway/socket-engine.js";
import { Random } from "../../../tests/sim/random.js";
import type { Check, CheckContext } from "../check.js";
import { CoreLane } from "./core-lane.js";
import { liveBytes } from "./heap.js";
import { ServerLanes } from "./server-lanes.js";
import { socketLane } from "./socket-lane.js";
import { Tally } from "./tally.js";

/** Growth that is no leak: compiled code, tables that reach their size. */
const slackBytes = 500_000;
/** Bytes by which the heap may grow with each frame: below what a leak would be. */
const grownBytesPerFrameMax = 16;
/** Share of the inputs that goes over each way through the network. */
const networkShare = 0.025;

/** A server withstands whatever is sent to it, and forgets it. */
export const fuzz: Check<"frames" | "seed"> = {
  name: "fuzz",
  about:
    "sends broken frames and requests over every way in: no crash, nothing stored, nothing kept in memory",
  flags: {
    frames: { standard: 100_000, about: "how many" },
    seed: { standard: 1, about: "where chance begins" },
  },
  async run({ defer, progress }, { frames, seed }) {
    // Said first, for what fails inside native code ends the process.
    progress("begins", { seed });
    const tally = new Tally();
    const random = (lane: number) => new Random(seed, lane);
    const work = async () => {
      const server = new ServerLanes(random(1), tally);
      defer(() => server.end());
      await sendToServer(server, frames);
      progress("calls", figuresOf(tally));
      for (const engine of hasUwsBinary() ? (["uws", "ws"] as const) : (["ws"] as const)) {
        await socketLane(engine, Math.ceil(frames * networkShare), random(2), tally);
      }
      progress("sockets", figuresOf(tally));
      return grownByCore(frames - tally.sent, random(3), tally);
    };
    try {
      const grownBytes = await Promise.race([work(), brokenProcess(defer)]);
      const ok = grownBytes <= slackBytes + frames * grownBytesPerFrameMax;
      return { ok, figures: { seed, ...figuresOf(tally), grownBytes } };
    } catch (error) {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      throw new Error(`with seed ${seed}, after ${tally.sent} inputs: ${reason}`, { cause: error });
    }
  },
};

/** Rejects once anything in this process fails that nobody waits for. */
function brokenProcess(defer: CheckContext["defer"]): Promise<never> {
  return new Promise((_, reject) => {
    for (const event of ["uncaughtException", "unhandledRejection"]) {
      process.on(event, reject);
      defer(() => void process.off(event, reject));
    }
  });
}

async function sendToServer(server: ServerLanes, frames: number): Promise<void> {
  const count = Math.ceil(frames * networkShare);
  await server.start();
  await server.unary(count);
  await server.stream(count);
  await server.http(count);
  await server.close();
}

function figuresOf({ sent, refused, granted, closed }: Tally) {
  return { sent, refused, granted, closed };
}

/** Sends frames to a gateway's core; resolves with the growth of memory from a fifth of them to the end. */
async function grownByCore(frames: number, random: Random, tally: Tally): Promise<number> {
  const lane = new CoreLane(random, tally);
  await lane.start();
  try {
    await lane.run(Math.ceil(frames / 5));
    const before = liveBytes();
    await lane.run(frames - Math.ceil(frames / 5));
    return liveBytes() - before;
  } finally {
    await lane.close();
  }
}
