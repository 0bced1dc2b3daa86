import type { Server } from "../server.js";
import type { StoredSeqs } from "./stored-seqs.js";
import { Subscriber } from "./subscriber.js";
import { Witness } from "./witness.js";

const connectingMax = 10;

/** What an audience got. All but `deliveries` are faults. */
export interface Heard {
  deliveries: number;
  duplicate: number;
  reordered: number;
  beforeStored: number;
  different: number;
  troubles: number;
}

/** Sockets that follow channels, and what they got. */
export class Audience {
  readonly #witness: Witness;
  readonly #subscribers: readonly Subscriber[];

  /** One socket for each list of channels. */
  constructor(followed: readonly (readonly string[])[], stored: StoredSeqs) {
    this.#witness = new Witness(stored);
    this.#subscribers = followed.map(
      (channels) => new Subscriber(channels, (channelId, event) => this.#witness.saw(channelId, event)),
    );
  }

  /** Connects all, some at a time. */
  async open(server: Server): Promise<void> {
    const waiting = [...this.#subscribers];
    const connectNext = async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) await next.open(server);
    };
    await Promise.all(Array.from({ length: connectingMax }, connectNext));
  }

  heard(): Heard {
    const { beforeStored, different } = this.#witness;
    const heard = { deliveries: 0, duplicate: 0, reordered: 0, beforeStored, different, troubles: 0 };
    for (const { tallies, troubles } of this.#subscribers) {
      heard.troubles += troubles;
      for (const tally of tallies.values()) {
        heard.deliveries += tally.deliveries;
        heard.duplicate += tally.duplicate;
        heard.reordered += tally.reordered;
      }
    }
    return heard;
  }

  /** Deliveries that did not come, when these are the channels' newest events. */
  missing(newest: ReadonlyMap<string, number>): number {
    let missing = 0;
    for (const { tallies } of this.#subscribers) {
      for (const [channelId, tally] of tallies) missing += tally.missing(newest.get(channelId) ?? 0);
    }
    return missing;
  }

  close(): void {
    for (const subscriber of this.#subscribers) subscriber.close();
  }
}
