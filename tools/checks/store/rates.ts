import type { ChannelId } from "../../../lib/ids/ids.js";
import type { Append } from "../../../lib/store/log-store.js";
import { appendOf, newChannel } from "../../../lib/store/suite/samples.js";
import type { Figures } from "../check.js";
import { quantile, round } from "../figures.js";

/** What takes appends and gives pages: a store, or a bare client. */
export interface Target {
  append(append: Append): Promise<void>;
  /** So many rows from a `seq` on. */
  page(channel: ChannelId, from: number, count: number): Promise<number>;
  close(): Promise<void>;
}

/** Rows of an append, as owners send them: a lone message, some, and the most. */
const appendSizes = [1, 20, 256];
/** Channels that are appended to at a time, each with one append under way. */
const channelCounts = [1, 16];
const pageRows = 50;
const readers = 8;

interface Appended {
  readonly rows: number;
  readonly seconds: number;
  /** How long each append took. */
  readonly ms: number[];
  /** Up to which `seq` each channel was written. */
  readonly last: ReadonlyMap<ChannelId, number>;
}

/** Appends to some channels for some time, each append begun when the one before it is done. */
async function appendFor(target: Target, size: number, channels: number, msMax: number): Promise<Appended> {
  const ms: number[] = [];
  const last = new Map<ChannelId, number>();
  const began = performance.now();
  const write = async () => {
    const channel = newChannel();
    for (let seq = 1; performance.now() - began < msMax; seq += size) {
      const append = appendOf(channel, seq, seq + size - 1);
      const sent = performance.now();
      await target.append(append);
      ms.push(performance.now() - sent);
      last.set(channel, seq + size - 1);
    }
  };
  await Promise.all(Array.from({ length: channels }, write));
  return { rows: ms.length * size, seconds: (performance.now() - began) / 1000, ms, last };
}

function together(parts: readonly Appended[]): Appended {
  return {
    rows: parts.reduce((sum, { rows }) => sum + rows, 0),
    seconds: parts.reduce((sum, { seconds }) => sum + seconds, 0),
    ms: parts.flatMap(({ ms }) => ms),
    last: new Map(parts.flatMap(({ last }) => [...last])),
  };
}

/** Reads pages for some time; how long each took. */
async function readFor(
  target: Target,
  last: ReadonlyMap<ChannelId, number>,
  msMax: number,
): Promise<number[]> {
  const channels = [...last].filter(([, seq]) => seq >= pageRows);
  const ms: number[] = [];
  const began = performance.now();
  const read = async (_: unknown, reader: number) => {
    for (let turn = reader; performance.now() - began < msMax; turn += readers) {
      const [channel, seq] = channels[turn % channels.length]!;
      const from = 1 + ((turn * pageRows) % (seq - pageRows + 1));
      const sent = performance.now();
      const rows = await target.page(channel, from, pageRows);
      if (rows !== pageRows) throw new Error(`a page of ${rows} rows from ${from} on, of ${seq}`);
      ms.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: readers }, read));
  return ms;
}

/** The rates of a store beside those of a bare client, taken in turns. */
export async function measure(
  targets: Readonly<Record<"store" | "bare", Target>>,
  msEach: number,
  progress: (step: string, figures: Figures) => void,
): Promise<Figures> {
  const figures: Record<string, number> = {};
  const names = ["store", "bare"] as const;
  let written: Partial<Record<"store" | "bare", ReadonlyMap<ChannelId, number>>> = {};
  for (const channels of channelCounts) {
    for (const size of appendSizes) {
      const step: Record<string, number> = {};
      const halves = { store: [] as Appended[], bare: [] as Appended[] };
      // Each goes first once: what comes later finds a warmer server, and a fuller one.
      for (const name of [...names, ...names.toReversed()]) {
        halves[name].push(await appendFor(targets[name], size, channels, msEach / 2));
      }
      for (const name of names) {
        const { rows, seconds, ms, last } = together(halves[name]);
        step[`${name}RowsPerSecond`] = Math.round(rows / seconds);
        step[`${name}AppendMsP50`] = round(quantile(ms, 0.5), 2);
        step[`${name}AppendMsP99`] = round(quantile(ms, 0.99), 2);
        written = { ...written, [name]: last };
      }
      progress(`appends of ${size} to ${channels}`, step);
      for (const [name, value] of Object.entries(step)) figures[`${name}_${size}x${channels}`] = value;
    }
  }
  for (const name of names) {
    const ms = await readFor(targets[name], written[name]!, msEach);
    figures[`${name}PageMsP50`] = round(quantile(ms, 0.5), 2);
    figures[`${name}PageMsP99`] = round(quantile(ms, 0.99), 2);
  }
  return figures;
}
