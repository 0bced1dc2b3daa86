import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Bench, Rounds } from "./bench.js";
import { GatewayCore } from "./systems/gateway-core.js";

type FlagName = "sessions" | "channels" | "alone" | "rounds";

/** What it takes a gateway in memory that somebody follows a channel, and that there is a channel. */
export const subscriptions: Bench<FlagName> = {
  name: "subscriptions",
  about: "bytes a live subscription takes at a gateway, without any socket",
  flags: {
    sessions: { standard: 1000, about: "how many sessions there are" },
    channels: { standard: 1000, about: "how many channels each of them follows, all the same" },
    alone: { standard: 100, about: "how many channels each follows alone, in a measurement of its own" },
    rounds: { standard: 3, about: "how many rounds" },
  },
  async run(context, { sessions, channels, alone, rounds }) {
    const figures = {
      bytesPerFollow: [] as number[],
      heapBytesPerFollow: [] as number[],
      arrayBytesPerFollow: [] as number[],
      bytesPerFollowAlone: [] as number[],
      heapBytesPerFollowAlone: [] as number[],
      bytesMadePerDelivery: [] as number[],
    };
    let [notLive, undelivered] = [0, 0];
    for (let round = 1; round <= rounds; round++) {
      context.progress(`round ${round} of ${rounds}: ${sessions} sessions on ${channels} channels`);
      const together = measure((core) => core.followTogether(sessions, channels));
      notLive += sessions * channels - together.live;
      figures.heapBytesPerFollow.push(together.heap / together.live);
      figures.arrayBytesPerFollow.push(together.arrays / together.live);
      figures.bytesPerFollow.push((together.heap + together.arrays) / together.live);
      context.progress(`round ${round} of ${rounds}: ${sessions} sessions, each on ${alone} of its own`);
      const apart = measure((core) => core.followAlone(sessions, alone));
      notLive += sessions * alone - apart.live;
      figures.bytesPerFollowAlone.push((apart.heap + apart.arrays) / apart.live);
      figures.heapBytesPerFollowAlone.push(apart.heap / apart.live);
      const delivering = measureDeliveries(sessions);
      undelivered += delivering.missing;
      figures.bytesMadePerDelivery.push(delivering.bytes);
    }
    return { rounds: figures satisfies Rounds, faults: { notLive, undelivered } };
  },
};

/** What there is more of in memory once the follows are there. */
function measure(fill: (core: GatewayCore) => void): { live: number; heap: number; arrays: number } {
  const before = memory();
  const core = new GatewayCore();
  fill(core);
  const after = memory();
  return { live: core.live, heap: after.heap - before.heap, arrays: after.arrays - before.arrays };
}

/** What is made of garbage while events go to followers one by one. */
function measureDeliveries(sessions: number): { bytes: number; missing: number } {
  const events = 200;
  const core = new GatewayCore({ canJoin: false });
  core.followTogether(sessions, 1);
  core.deliver(events);
  const sentBefore = core.sent;
  const before = memory().heap;
  core.deliver(events);
  const bytes = process.memoryUsage().heapUsed - before;
  const sent = core.sent - sentBefore;
  return { bytes: bytes / sent, missing: events * sessions - sent };
}

function memory(): { heap: number; arrays: number } {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let i = 0; i < 3; i++) collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed, arrays: arrayBuffers };
}
