import type { Clock } from "../../lib/clock/clock.js";
import type { ChannelId } from "../../lib/ids/ids.js";
import type { Log } from "../../lib/log/log.js";
import { Fenced, type LogStore, NotWritten } from "../../lib/store/log-store.js";
import { findChannel } from "./activation.js";
import { rangesOf } from "./core/bucket-map.js";
import type { KnownPost } from "./core/dedupe-window.js";
import type { Done, KeyToFind, StoreFailure, StoreWork } from "./core/store-work.js";
import { findMessage, findReplies, readLastAnnotations } from "./messages.js";
import type { ChannelMeter } from "./meter.js";
import { project } from "./projection.js";
import { readPage, readRange } from "./read-range.js";

/** Carries out what one incarnation asks of the store. */
export function storeWorker(
  incarnation: string,
  store: LogStore,
  clock: Pick<Clock, "now">,
  log: Log,
  meter?: ChannelMeter,
): StoreWork {
  const report = <Value>(name: keyof StoreWork, work: Promise<Value>, done: Done<Value>) => {
    const began = clock.now();
    const ended = (outcome: string) => {
      const now = clock.now();
      meter?.stored(name, outcome, Math.max(0, now - began));
      return now;
    };
    work.then(
      (value) => done({ value }, ended("ok")),
      (error: unknown) => {
        const failure = failureOf(error);
        if (failure !== "fenced") log.warn({ err: error, work: name, failure }, "store operation failed");
        done({ failure }, ended(failure === "notWritten" ? "not_written" : failure));
      },
    );
  };
  return {
    find: (channel, done) => report("find", findChannel(store, channel), done),
    listBucket: (channel, entry, done) =>
      report("listBucket", store.listBucket(incarnation, channel, entry), done),
    append: (append, done) => {
      meter?.appended(append.rows.length);
      report("append", store.append(incarnation, append), done);
    },
    findKey: (channel, key, done) => report("findKey", findKey(store, channel, key), done),
    readPage: (channel, page, done) => report("readPage", readPage(store, channel, page), done),
    readAnnotations: (channel, range, done) =>
      report("readAnnotations", readLastAnnotations(store, channel, range), done),
    findMessage: (channel, message, done) =>
      report("findMessage", findMessage(store, channel, message), done),
    findReplies: (channel, replies, done) =>
      report("findReplies", findReplies(store, channel, replies), done),
    readDeletions: (channel, limit, done) => {
      const range = { channel, target: 0, kind: "deletion", after: 0, limit, downward: true } as const;
      report("readDeletions", store.readRelated(range), done);
    },
    project: (channel, work, done) => report("project", project(store, channel, work), done),
    readUserChannels: (user, done) => report("readUserChannels", store.readUserChannels(user), done),
    confirm: (done) => report("confirm", store.confirm(incarnation), done),
  };
}

function failureOf(error: unknown): StoreFailure {
  if (error instanceof Fenced) return "fenced";
  return error instanceof NotWritten ? "notWritten" : "unknown";
}

/**
 * Looks in each bucket that was open since then; a key counts only if the kept row at its place is that
 * post, and came with it: a fenced owner may have left a key of another body for the same place.
 */
async function findKey(store: LogStore, channel: ChannelId, key: KeyToFind): Promise<KnownPost | undefined> {
  const { segments, tail, since, author, clientMsgId } = key;
  const ranges = rangesOf(segments, 1, tail.seq);
  const firstOpen = Math.max(
    0,
    ranges.findLastIndex(({ bucket }) => bucket <= since * 1000),
  );
  const buckets = new Set(ranges.slice(firstOpen).map(({ bucket }) => bucket));
  for (const bucket of buckets) {
    for (const { seq, epoch, bodyHash } of await store.findKeys(channel, bucket, author, clientMsgId)) {
      if (seq > tail.seq) continue;
      const [row] = await readRange(store, channel, segments, seq, seq);
      const isThatPost = row?.author === author && row.clientMsgId === clientMsgId;
      if (isThatPost && row.epoch === epoch) return { seq, id: row.id, bodyHash };
    }
  }
  return undefined;
}
