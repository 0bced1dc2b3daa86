import type { Metrics } from "../../lib/metrics/metrics.js";
import type { OwnerMeter } from "./core/meter.js";

/** Why a life of a channel server ended. */
export type EndOfLife = "fenced" | "outranked" | "membership_lost";

/** What came of a try to release slots to another member; an unknown one comes to one of the others later. */
export type ReleaseOutcome = "moved" | "given_up" | "unknown";

/** Told of what a channel server does. */
export interface ChannelMeter extends OwnerMeter {
  /** An operation of the store was answered; `ok` or why not. */
  stored(operation: string, outcome: string, ms: number): void;
  appended(rows: number): void;
  /** One frame with so many events went to a gateway. */
  fannedOut(events: number): void;
  lifeEnded(reason: EndOfLife): void;
  /** So many slots were to be released. */
  released(outcome: ReleaseOutcome, slots: number): void;
}

/** What is looked at in a channel server. */
export interface ChannelLoad {
  readonly ownedSlots: number;
  readonly activeChannels: number;
  readonly waitingCommands: number;
}

/** Measures a channel server. */
export function channelMeter(metrics: Metrics, load: ChannelLoad): ChannelMeter {
  metrics.gauge("ownedSlots", () => load.ownedSlots);
  metrics.gauge("activeChannels", () => load.activeChannels);
  metrics.gauge("waitingCommands", () => load.waitingCommands);
  const commands = metrics.tally("commands", "code", ["ok"]);
  const reads = metrics.tally("reads", "source", ["memory", "store"]);
  const posts = metrics.count("posts");
  const activations = metrics.count("activations");
  const evictions = metrics.count("evictions");
  const proposals = metrics.count("proposedAgain");
  const frames = metrics.count("fanOutFrames");
  const events = metrics.count("fanOutEvents");
  const lives = metrics.tally("livesEnded", "reason", ["fenced", "outranked", "membership_lost"]);
  const releases = metrics.tally("releases", "outcome", ["moved", "given_up", "unknown"]);
  const refusals = metrics.tally("rateLimited", "limit", ["channel"]);
  const rows = metrics.histogram("appendRows");
  const seconds = metrics.histogram("storeSeconds");
  return {
    answered: (code) => commands.add(code, 1),
    posted: (messages) => posts.add(messages),
    activated: () => activations.add(1),
    evicted: () => evictions.add(1),
    proposedAgain: () => proposals.add(1),
    read: (source, count) => reads.add(source, count),
    rateLimited: () => refusals.add("channel", 1),
    stored: (operation, outcome, ms) => seconds.observe({ operation, outcome }, ms / 1000),
    appended: (count) => rows.observe(count),
    fannedOut: (count) => {
      frames.add(1);
      events.add(count);
    },
    lifeEnded: (reason) => lives.add(reason, 1),
    released: (outcome, slots) => releases.add(outcome, slots),
  };
}
