import type { RoundTally } from "./tally.js";

/** Which channels a socket follows: `count` of `channels`, from `first` on and round. */
export interface Followed {
  readonly first: number;
  readonly count: number;
  readonly channels: number;
}

/** What a socket is to get: of each channel that it follows every message, once, in order. */
export class Expected {
  readonly #next: Uint32Array;

  constructor(
    private readonly followed: Followed,
    private readonly tally: RoundTally,
  ) {
    this.#next = new Uint32Array(followed.count).fill(1);
  }

  /** Whether the socket was to get this message now. What was skipped is lost: order is promised. */
  got(channel: number, number: number): boolean {
    const { first, count, channels } = this.followed;
    const { faults } = this.tally;
    const slot = channel >= first ? channel - first : channel - first + channels;
    if (slot >= count || channel >= channels) {
      faults.stray++;
      return false;
    }
    const next = this.#next[slot]!;
    if (number < next) {
      faults.duplicate++;
      return false;
    }
    faults.lost += number - next;
    this.#next[slot] = number + 1;
    return true;
  }
}
