/** Bytes of a marker: its magic, the channel, the number and the time, all in hexadecimal digits. */
const magic = Buffer.from("bench:");
const channelDigits = 6;
const numberDigits = 8;
const timeDigits = 13;
export const markerBytes = magic.length + channelDigits + numberDigits + timeDigits;

/** Names one message wherever it turns up, so that reading it costs the same in every protocol. */
export interface Marker {
  /** Index of the channel. */
  readonly channel: number;
  /** 1, 2, 3 … in each channel. */
  readonly number: number;
  /** When posting it began, in µs of the machine's monotonic clock, which all processes share. */
  readonly timeUs: number;
}

export const clockUs = () => Math.floor(Number(process.hrtime.bigint() / 1000n));

export function markerText({ channel, number, timeUs }: Marker): string {
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
  return magic.toString() + hex(channel, channelDigits) + hex(number, numberDigits) + hex(timeUs, timeDigits);
}

/** Where the first marker within `[from, to)` begins, or -1. */
export function findMarker(bytes: Buffer, from: number, to: number): number {
  const at = bytes.indexOf(magic, from);
  return at >= 0 && at + markerBytes <= to ? at : -1;
}

/** Reads without making an object of each message. */
export const markerChannel = (bytes: Buffer, at: number) => hexAt(bytes, at + magic.length, channelDigits);

export const markerNumber = (bytes: Buffer, at: number) =>
  hexAt(bytes, at + magic.length + channelDigits, numberDigits);

export const markerTimeUs = (bytes: Buffer, at: number) =>
  hexAt(bytes, at + magic.length + channelDigits + numberDigits, timeDigits);

function hexAt(bytes: Buffer, at: number, digits: number): number {
  let value = 0;
  for (let i = at; i < at + digits; i++) {
    const code = bytes[i]!;
    value = value * 16 + (code <= 0x39 ? code - 0x30 : code - 0x57);
  }
  return value;
}
