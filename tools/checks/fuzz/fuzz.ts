import { hasUwsBinary } from "../../../services/gateway/socket-engine.js";
import { Random } from "../../../tests/sim/random.js";
import type { Check } from "../check.js";
import { CoreLane } from "./core-lane.js";
import { liveBytes } from "./heap.js";
import { ServerLanes } from "./server-lanes.js";
import { socketLane } from "./socket-lane.js";
import { Tally } from "./tally.js";

/** Growth that is no leak: compiled code, tables that reach their size. */
const slackBytes = 500_000;
/** Bytes by which the heap may grow with each frame: below what a leak would be. */
const grownBytesPerFrameMax = 16;
/** Of so many inputs one goes over the network, of each of its ways. */
const networkShare = { sockets: 40, stream: 40, unary: 40, http: 40 };

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
    const rejections: unknown[] = [];
    const note = (reason: unknown) => void rejections.push(reason);
    process.on("unhandledRejection", note);
    defer(() => void process.off("unhandledRejection", note));
    const tally = new Tally();
    const { sockets, stream, unary, http } = networkShare;
    const random = (lane: number) => new Random(seed, lane);
    try {
      const server = new ServerLanes(random(1), tally);
      defer(() => server.close().catch(() => {}));
      await server.start();
      await server.unary(Math.ceil(frames / unary));
      await server.stream(Math.ceil(frames / stream));
      await server.http(Math.ceil(frames / http));
      await server.close();
      progress("calls", figuresOf(tally));
      for (const engine of hasUwsBinary() ? (["uws", "ws"] as const) : (["ws"] as const)) {
        await socketLane(engine, Math.ceil(frames / sockets), random(2), tally);
      }
      progress("sockets", figuresOf(tally));
      const grownBytes = await grownByCore(frames - tally.sent, random(3), tally);
      const figures = { seed, ...figuresOf(tally), grownBytes, rejections: rejections.length };
      const isKept = grownBytes > slackBytes + frames * grownBytesPerFrameMax;
      return { ok: !isKept && rejections.length === 0, figures };
    } catch (error) {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      throw new Error(`with seed ${seed}, after ${tally.sent} inputs: ${reason}`, { cause: error });
    }
  },
};

function figuresOf({ sent, refused, granted, closed }: Tally) {
  return { sent, refused, granted, closed };
}

/** Sends the frames to a gateway's core; resolves with the growth of memory from a fifth of them to the end. */
async function grownByCore(frames: number, random: Random, tally: Tally): Promise<number> {
  const lane = new CoreLane(random, tally);
  await lane.start();
  try {
    lane.run(Math.ceil(frames / 5));
    const before = liveBytes();
    lane.run(frames - Math.ceil(frames / 5));
    return liveBytes() - before;
  } finally {
    await lane.close();
  }
}
