import type { ChannelId } from "../lib/ids/ids.js";
import { packHigh, unpackId } from "../lib/ids/packed-id.js";
import { Attachments } from "../services/channel/core/attachments.js";
import { FanOut } from "../services/channel/core/fan-out.js";
import type { Bench, Outcome } from "./bench.js";

/** Most bytes of the tables for one attached channel. */
const bytesPerChannelMax = 100;
/** Channels that one frame of a gateway attaches. */
const frameChannels = 1000;
const bytesOfMiB = 1024 * 1024;
const newest = { seq: 1, id: 1 };

/** What attached channels cost a channel server that has none of them in memory. */
export const channels: Bench<"channels" | "gateways" | "published"> = {
  name: "channels",
  about: "memory of a channel server's attached channels (up to 16,000,000), and its longest turns",
  flags: {
    channels: { standard: 4_000_000, about: "how many channels are attached" },
    gateways: { standard: 4, about: "how many gateways they are shared among, each channel by one" },
    published: { standard: 100_000, about: "how many of them are published to" },
  },
  async run({ progress }, flags) {
    const attachments = new Attachments();
    let isDue = false;
    const fanOut = new FanOut(() => {
      isDue = true;
    }, attachments);
    const rssBefore = process.memoryUsage.rss();
    for (let link = 0; link < flags.gateways; link++) fanOut.opened(link);
    progress(`attaching ${flags.channels}`);
    const attach = timeTurns(flags.channels / frameChannels, (turn) => {
      const to = Math.min(flags.channels, (turn + 1) * frameChannels);
      for (let i = turn * frameChannels; i < to; i++) fanOut.attach(i % flags.gateways, idOf(i), newest, 1);
      fanOut.takeFrames();
    });
    const rss = process.memoryUsage.rss();
    const bytes = attachments.bytes / flags.channels;
    progress(`publishing to ${flags.published}`);
    let lost = 0;
    const publish = timeTurns(flags.published, (turn) => {
      const i = Math.floor((turn / flags.published) * flags.channels);
      fanOut.repeat(idOf(i), newest);
      const [frame, ...others] = fanOut.takeFrames();
      if (frame?.link !== i % flags.gateways || frame.items.length !== 1 || others.length > 0) lost++;
    });
    progress("one gateway goes");
    fanOut.closed(0);
    const close = timeTurns(Number.POSITIVE_INFINITY, () => {
      isDue = false;
      fanOut.takeFrames();
      return isDue;
    });
    const rounds = {
      rssMiB: [rss / bytesOfMiB],
      rssGrownBytesPerChannel: [(rss - rssBefore) / flags.channels],
      tableBytesPerChannel: [bytes],
      attachCpuUsPerChannel: [(attach.ms * 1000) / flags.channels],
      longestAttachTurnCpuMs: [attach.longestMs],
      publishCpuUs: [(publish.ms * 1000) / flags.published],
      releaseCpuMs: [close.ms],
      longestReleaseTurnCpuMs: [close.longestMs],
    };
    return { rounds, faults: { lost, overMemory: bytes > bytesPerChannelMax ? 1 : 0 } } satisfies Outcome;
  },
};

/** An id that looks like chance, another one for each number below 2^30. */
function idOf(i: number): ChannelId {
  const low = Math.imul(i, 0x9e3779b1) & (2 ** 30 - 1);
  return unpackId(conversations | (Math.imul(i, 0x85ebca6b) >>> 2), low);
}

/** The letter of conversations, packed. */
const conversations = packHigh("C000000000000" as ChannelId);

/** Does so many turns, or until one says that it was the last, and tells what CPU they took. */
function timeTurns(turns: number, turn: (i: number) => unknown): { ms: number; longestMs: number } {
  let [ms, longestMs] = [0, 0];
  for (let i = 0; i < turns; i++) {
    const began = process.cpuUsage();
    const goesOn = turn(i);
    const { user, system } = process.cpuUsage(began);
    const took = (user + system) / 1000;
    ms += took;
    longestMs = Math.max(longestMs, took);
    if (goesOn === false) break;
  }
  return { ms, longestMs };
}
