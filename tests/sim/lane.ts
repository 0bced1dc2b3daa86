import type { Network } from "./network.js";
import type { SimNode } from "./node.js";

/** Most frames under way in one direction; a peer that is further behind loses its link. */
const framesUnderWayMax = 20_000;

/** Why a pipe has ended; the codes are those of WebSocket (RFC 6455, section 7.4). */
export interface Ending {
  readonly code: number;
  readonly reason: string;
}

/** What an end of a pipe is told. Nothing follows `closed`. */
export interface PipeEnd<In> {
  received(frame: In): void;
  closed(ending: Ending): void;
}

interface UnderWay<Frame> {
  readonly at: number;
  readonly frame: Frame;
}

/** One direction of a pipe: frames under way, in order, until the last one or until it breaks. */
export class Lane<Frame> {
  /** Told when nothing is under way any more. */
  drained: (() => void) | undefined;
  private queue: UnderWay<Frame>[] = [];
  private receiver: PipeEnd<Frame> | undefined;
  private ending: { readonly at: number; readonly ending: Ending } | undefined;
  private lastArrival = 0;
  private scheduled = false;
  private held = false;

  constructor(
    private readonly network: Network,
    readonly from: SimNode,
    readonly to: SimNode,
    private readonly overflowed: () => void,
  ) {}

  /** Frames under way, oldest first. */
  underWay(): Frame[] {
    return this.queue.map(({ frame }) => frame);
  }

  send(frame: Frame): void {
    if (this.ending) return;
    const { network, from, to } = this;
    for (const sent of network.mangle(frame, from, to)) this.queue.push({ at: this.arrival(), frame: sent });
    if (this.queue.length > 1 && network.reorders(from, to)) this.swapLast();
    if (this.queue.length > framesUnderWayMax) this.overflowed();
    else this.pump();
  }

  /** Loses what is under way and tells the receiver: it is its own side that ended the pipe. */
  endHere(ending: Ending): void {
    if (this.ending) return;
    this.lose(0);
    this.held = false;
    this.ending = { at: this.now(), ending };
    this.pump();
  }

  /** Accepts no more frames; after those under way and a delay (ms) the receiver is told. */
  end(ending: Ending, delayMs: number): void {
    if (this.ending) return;
    const cut = this.network.isBlocked(this.from, this.to) ? this.network.keepAlive() : 0;
    this.ending = { at: Math.max(this.lastArrival, this.now() + delayMs + cut), ending };
    this.pump();
  }

  /** Loses some, all or none of the frames under way, from the newest on. */
  loseSuffix(): void {
    const { random } = this.network;
    const kept = random.pick([0, this.queue.length, random.below(this.queue.length + 1)]);
    this.lose(kept);
  }

  /** Loses all frames under way beyond the first so many. */
  lose(kept: number): void {
    const lost = Math.max(0, this.queue.length - kept);
    if (lost === 0) return;
    this.network.world.coverage.hit("link.frames_lost", lost);
    this.queue.length = kept;
    this.lastArrival = this.queue.at(-1)?.at ?? 0;
  }

  /** Sets who receives; frames sent before that have waited. */
  receive(receiver: PipeEnd<Frame>): void {
    this.receiver = receiver;
    this.pump();
  }

  /** Lets frames wait at the receiver's door, or go on. */
  hold(held: boolean): void {
    this.held = held;
    this.pump();
  }

  /** Lets frames go on that waited for a partition to end. */
  pump(): void {
    if (this.scheduled || this.held || !this.receiver) return;
    const next = this.queue[0] ?? this.ending;
    if (!next) return;
    this.scheduled = true;
    this.to.schedule(next.at - this.now(), this.queue.length > 0 ? "frame" : "link closed", () =>
      this.arrive(),
    );
  }

  private arrive(): void {
    this.scheduled = false;
    if (this.queue.length > 0 && this.network.isBlocked(this.from, this.to)) {
      if (!this.ending) return this.network.stall(this);
      this.lose(0);
    }
    const due = (this.queue[0] ?? this.ending)?.at ?? 0;
    if (this.held || !this.receiver || due > this.now()) return this.pump();
    const next = this.queue.shift();
    if (next) {
      this.receiver.received(next.frame);
      this.pump();
      if (this.queue.length === 0) this.drained?.();
    } else if (this.ending) {
      const { receiver, ending } = this;
      this.receiver = undefined;
      receiver.closed(ending.ending);
    }
  }

  private arrival(): number {
    this.lastArrival = Math.max(this.lastArrival, this.now() + this.network.latency());
    return this.lastArrival;
  }

  private swapLast(): void {
    const [one, other] = this.queue.splice(-2);
    if (!one || !other) return;
    this.network.world.coverage.hit("frame.reordered");
    this.queue.push({ at: one.at, frame: other.frame }, { at: other.at, frame: one.frame });
  }

  private now(): number {
    return this.network.world.scheduler.now;
  }
}
