import type { ChannelId } from "./ids.js";

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const KINDS = "WUCB";
/** Characters in each half of an id, and bits of a character. */
const halfLength = 6;
const charBits = 5;
/** Value of each character by its code. */
const values = new Int8Array(128);
for (let i = 0; i < CROCKFORD.length; i++) values[CROCKFORD.charCodeAt(i)] = i;

/**
 * The first half of an id as 32 bits: its letter and 30 random bits. Together with `packLow` that is the
 * whole id in 8 bytes, both numbers being ones that V8 keeps without an object.
 */
export function packHigh(id: ChannelId): number {
  return (KINDS.indexOf(id[0]!) << (halfLength * charBits)) | packHalf(id, 1);
}

/** The second half of an id: 30 random bits. */
export function packLow(id: ChannelId): number {
  return packHalf(id, 1 + halfLength);
}

/** The id of two halves. */
export function unpackId(high: number, low: number): ChannelId {
  return `${KINDS[high >>> (halfLength * charBits)]}${unpackHalf(high)}${unpackHalf(low)}` as ChannelId;
}

function packHalf(id: string, from: number): number {
  let bits = 0;
  for (let i = from; i < from + halfLength; i++) bits = (bits << charBits) | values[id.charCodeAt(i)]!;
  return bits;
}

function unpackHalf(bits: number): string {
  let text = "";
  for (let shift = (halfLength - 1) * charBits; shift >= 0; shift -= charBits) {
    text += CROCKFORD[(bits >>> shift) & 31];
  }
  return text;
}
