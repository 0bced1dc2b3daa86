import { clientFrameBytesMax } from "../../../lib/limits/limits.js";
import type { Random } from "../../../tests/sim/random.js";
import { chanceBytes, size } from "./chance.js";
import { mutateBytes } from "./mutate-bytes.js";
import { mutateJson } from "./mutate-json.js";
import { encodeSample, type Subjects, sampleFrame } from "./samples.js";

/** Share of the inputs that have nothing wrong with them. */
const goodShare = 0.25;

/** A frame as a client might send it: good, changed, or of pure chance. */
export function fuzzedFrame(random: Random, format: "json" | "proto", subjects: Subjects): Buffer {
  if (random.chance(0.0005)) return Buffer.alloc(clientFrameBytesMax + 1 + random.below(1000), " ");
  if (random.chance(0.08)) return chanceBytes(random, size(random, 2000));
  const frame = sampleFrame(random, subjects);
  if (format === "proto") return changedBytes(random, encodeSample(frame));
  return changedText(random, frame);
}

/** A JSON body or frame: good, or with something wrong with its values or with its bytes. */
export function changedText(random: Random, value: object): Buffer {
  if (random.chance(goodShare)) return Buffer.from(JSON.stringify(value));
  if (random.chance(0.6)) return Buffer.from(mutateJson(random, value));
  return mutateBytes(random, Buffer.from(JSON.stringify(value)));
}

/** An encoded message: good, or with something wrong with its bytes. */
export function changedBytes(random: Random, bytes: Buffer): Buffer {
  return random.chance(goodShare) ? bytes : mutateBytes(random, bytes);
}
