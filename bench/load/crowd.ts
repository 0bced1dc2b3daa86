import { Expected } from "./expected.js";
import { LoadSocket, type SocketPlan } from "./load-socket.js";
import { clockUs, findMarker, markerBytes, markerChannel, markerNumber, markerTimeUs } from "./marker.js";
import type { RoundTally } from "./tally.js";

const openingMax = 32;

/** The sockets of one server. */
export class Crowd {
  readonly #sockets: LoadSocket[];
  /** By channel: how many follow it, and how many of them the newest messages have reached. */
  readonly #followers: Uint32Array;
  readonly #reached: Uint32Array;
  #sample: Uint8Array | undefined;

  constructor(
    private readonly plans: readonly SocketPlan[],
    private readonly tally: RoundTally,
    private readonly reachedAll: (channel: number) => void,
  ) {
    const channels = plans[0]?.followed.channels ?? 0;
    this.#followers = new Uint32Array(channels);
    this.#reached = new Uint32Array(channels);
    for (const { followed } of plans) {
      for (let i = 0; i < followed.count; i++) this.#followers[(followed.first + i) % channels]!++;
    }
    this.#sockets = plans.map((plan) => this.#socketFor(plan));
  }

  /** The first frame with a message, as it came. */
  get sample(): Uint8Array | undefined {
    return this.#sample;
  }

  async open(): Promise<void> {
    const waiting = [...this.#sockets];
    const openNext = async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) await next.open();
    };
    await Promise.all(Array.from({ length: Math.min(openingMax, this.plans.length) }, openNext));
  }

  close(): void {
    for (const socket of this.#sockets) socket.close();
  }

  #socketFor(plan: SocketPlan): LoadSocket {
    const expected = new Expected(plan.followed, this.tally);
    return new LoadSocket(plan, {
      frame: (bytes, from, to) => this.#frame(expected, bytes, from, to),
      closed: () => void this.tally.faults.closed++,
    });
  }

  /** A frame may hold several messages. */
  #frame(expected: Expected, bytes: Buffer, from: number, to: number): void {
    const nowUs = clockUs();
    let at = findMarker(bytes, from, to);
    if (at >= 0) this.#sample ??= Uint8Array.from(bytes.subarray(from, to));
    for (; at >= 0; at = findMarker(bytes, at + markerBytes, to)) {
      const channel = markerChannel(bytes, at);
      if (!expected.got(channel, markerNumber(bytes, at))) continue;
      this.tally.delivered(nowUs - markerTimeUs(bytes, at));
      if (++this.#reached[channel]! < this.#followers[channel]!) continue;
      this.#reached[channel] = 0;
      this.reachedAll(channel);
    }
  }
}
