import { sleep } from "../../../lib/clock/clock.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import type { ChannelId, Seq, UserId } from "../../../lib/ids/ids.js";
import type { BucketEntry, LogRow, LogStore } from "../../../lib/store/log-store.js";
import { readPage } from "./reader.js";
import { decodeSeen } from "./recorder.js";
import type { Stage } from "./stage.js";

const deadlineMs = 5000;
const retryMs = 300;
const pageEvents = 200;

/** The newest `seq` of a channel, as a member reads it; undefined when nobody answers now. */
export async function readNewest(stage: Stage, channel: ChannelId, user: UserId): Promise<Seq | undefined> {
  const page = { channel, from: 0, limit: 1, downward: true, deadlineMs };
  try {
    return (await readPage(stage, "watcher", user, page)).newest;
  } catch (error) {
    if (error instanceof ConfabError) return undefined;
    throw error;
  }
}

/** Reads a channel's whole log through the API and takes it down as its final log; insists on an answer. */
export async function readFinalLog(stage: Stage, channel: ChannelId, user: UserId): Promise<Seq> {
  for (let from = 0; ; ) {
    const page = { channel, from, limit: pageEvents, downward: false, deadlineMs };
    const answer = await readPage(stage, "auditor", user, page).catch((error: unknown) => {
      if (error instanceof ConfabError) return undefined;
      throw error;
    });
    if (!answer) {
      await sleep(stage.world.clock, retryMs);
      continue;
    }
    const { events, newest } = answer;
    stage.recorder.note({ type: "finalLog", channel, events });
    from = events.at(-1)?.seq ?? from;
    if (from >= newest || events.length === 0) return from;
  }
}

/** Of the buckets listed at or below an event, the first in this order holds it. */
function byPrecedence(one: BucketEntry, other: BucketEntry): number {
  return other.epoch - one.epoch || other.firstSeq - one.firstSeq || other.bucket - one.bucket;
}

/** The row that counts of each event up to the newest, ascending, by no code of the services. */
export async function rowsOf(store: LogStore, channel: ChannelId, newest: Seq): Promise<LogRow[]> {
  const found: LogRow[] = [];
  const map = await store.readBuckets(channel);
  for (let seq = 1; seq <= newest; seq++) {
    const entry = map.filter(({ firstSeq }) => firstSeq <= seq).sort(byPrecedence)[0];
    if (!entry) continue;
    const place = { channel, bucket: entry.bucket, from: seq, to: seq };
    const range = { ...place, limit: 1, bytesEnough: 0, downward: false };
    const [row] = await store.readRows(range);
    if (row) found.push(row);
  }
  return found;
}

/** Takes down what the store holds of a channel up to its newest event. */
export async function readStore(
  stage: Stage,
  store: LogStore,
  channel: ChannelId,
  newest: Seq,
): Promise<void> {
  const rows = (await rowsOf(store, channel, newest)).map(({ event }) => decodeSeen(event));
  stage.recorder.note({ type: "stored", moment: "end", channel, rows });
}
