import type { Random } from "../../../tests/sim/random.js";
import { chanceBytes, size } from "./chance.js";

/** A little more than a frame may have. */
const repeatedBytesMax = 400_000;

type Change = (random: Random, bytes: Buffer) => Buffer;

const place = (random: Random, bytes: Buffer) => random.below(bytes.length + 1);

function insert(random: Random, bytes: Buffer, what: Uint8Array): Buffer {
  const at = place(random, bytes);
  return Buffer.concat([bytes.subarray(0, at), what, bytes.subarray(at)]);
}

function flip(random: Random, bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  if (bytes.length === 0) return changed;
  for (let i = 0; i <= random.below(8); i++) changed[random.below(bytes.length)]! ^= 1 << random.below(8);
  return changed;
}

function repeat(random: Random, bytes: Buffer): Buffer {
  const [from, to] = [place(random, bytes), place(random, bytes)].sort((a, b) => a - b);
  const times = size(random, 2000);
  const repeated = Buffer.concat(Array(times).fill(bytes.subarray(from, to)));
  return insert(random, bytes, repeated.subarray(0, repeatedBytesMax));
}

/** What decoders stumble over: numbers too large or endless, lengths, groups, halves of characters. */
const traps = [
  "ffffffffffffffffff01",
  "ffffffffffffffffffffffffff",
  "80808080808080808080",
  "0affffffff0f",
  "12ffffffffffffffff7f",
  "0b",
  "0c",
  "00",
  "0f",
  "fabb0f01",
  "eda080",
  "c080",
  "ff",
  "f09f8e",
].map((hex) => Buffer.from(hex, "hex"));

const changes: readonly Change[] = [
  flip,
  flip,
  (random, bytes) => bytes.subarray(0, place(random, bytes)),
  (random, bytes) => bytes.subarray(place(random, bytes)),
  repeat,
  (_random, bytes) => Buffer.concat([bytes, bytes]),
  (random, bytes) => insert(random, bytes, chanceBytes(random, size(random, 300))),
  (random, bytes) => insert(random, bytes, random.pick(traps)),
  (random, bytes) => Buffer.concat([bytes, random.pick(traps)]),
  (random, bytes) => insert(random, bytes, Buffer.alloc(size(random, 60_000), random.pick(traps))),
];

/** The same with one to three things wrong with it. */
export function mutateBytes(random: Random, bytes: Buffer): Buffer {
  let changed = bytes;
  for (let i = 0; i <= random.below(3); i++) changed = random.pick(changes)(random, changed);
  return changed;
}
