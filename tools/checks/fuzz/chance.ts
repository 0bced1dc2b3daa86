import type { Random } from "../../../tests/sim/random.js";

/** A whole number below 2^32, small more often than not. */
export function size(random: Random, max: number): number {
  return random.chance(0.9) ? random.below(Math.min(max, 24)) : random.below(max);
}

/** Bytes of pure chance. */
export function chanceBytes(random: Random, count: number): Buffer {
  const bytes = Buffer.alloc(count);
  for (let i = 0; i < count; i++) bytes[i] = random.below(256);
  return bytes;
}
