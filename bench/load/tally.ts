import { quantile } from "../measure/spread.js";

/** Most latencies kept of one round; further deliveries are counted only. */
const samplesMax = 4_000_000;

/** What sockets got in a round. All but the deliveries and times are faults. */
export interface Tally {
  readonly deliveries: number;
  readonly faults: Faults;
  /** From the beginning of posting to the client's having read it, in ms. */
  readonly latencyMs: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly max: number;
  };
}

export interface Faults {
  lost: number;
  duplicate: number;
  /** Messages of channels that the socket does not follow. */
  stray: number;
  /** Sockets that were closed. */
  closed: number;
}

/** Counts deliveries and keeps their latencies. */
export class RoundTally {
  #deliveries = 0;
  #latenciesUs = new Float64Array(1024);
  #faults = noFaults();

  get faults(): Faults {
    return this.#faults;
  }

  reset(): void {
    this.#deliveries = 0;
    this.#faults = noFaults();
  }

  delivered(latencyUs: number): void {
    const at = this.#deliveries++;
    if (at >= samplesMax) return;
    if (at === this.#latenciesUs.length) {
      const larger = new Float64Array(at * 2);
      larger.set(this.#latenciesUs);
      this.#latenciesUs = larger;
    }
    this.#latenciesUs[at] = latencyUs;
  }

  result(): Tally {
    const sorted = this.#latenciesUs.subarray(0, Math.min(this.#deliveries, samplesMax)).slice().sort();
    const ms = (share: number) => quantile(sorted, share) / 1000;
    const latencyMs = { p50: ms(0.5), p90: ms(0.9), p99: ms(0.99), max: ms(1) };
    return { deliveries: this.#deliveries, faults: { ...this.#faults }, latencyMs };
  }
}

function noFaults(): Faults {
  return { lost: 0, duplicate: 0, stray: 0, closed: 0 };
}
