import type { ChannelId } from "../../../lib/ids/ids.js";
import type { ChannelMeter } from "../../../services/channel/meter.js";
import type { Coverage } from "../coverage.js";

/** Counts how often a channel server evicted channels, and found those again in the same life. */
export function watchChannels(coverage: Coverage): ChannelMeter {
  const evicted = new Set<ChannelId>();
  const ignore = () => {};
  const handOffs = { moved: "handOffs", given_up: "handOffsGivenUp", unknown: "handOffsUnknown" } as const;
  return {
    ...{ answered: ignore, posted: ignore, proposedAgain: ignore, read: ignore, rateLimited: ignore },
    ...{ stored: ignore, appended: ignore, fannedOut: ignore },
    released: (outcome, slots) => coverage.hit(handOffs[outcome], slots),
    lifeEnded: (reason) => {
      if (reason === "fenced") coverage.hit("charm.fenced_living");
      evicted.clear();
    },
    evicted: (channel) => {
      evicted.add(channel);
      coverage.hit("channel.evicted");
    },
    activated: (channel) => {
      if (evicted.delete(channel)) coverage.hit("channel.found_again");
    },
  };
}
