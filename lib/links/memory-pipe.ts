import type { Clock } from "../clock/clock.js";
import type { Link, LinkEnd } from "./links.js";

type Side = "near" | "far";

/** A two-way stream in memory: what one end sends the other receives at the end of the turn, in order. */
export class MemoryPipe {
  readonly #ends = new Map<Side, LinkEnd<unknown>>();
  readonly #queues = { near: [] as unknown[], far: [] as unknown[] };
  readonly #closers: (() => void)[] = [];
  #flushing = false;
  #closed = false;

  constructor(private readonly clock: Clock) {}

  /** The sending ends: what goes into the first comes out at the far side, and the other way round. */
  ends<Up, Down>(): [Link<Up>, Link<Down>] {
    const to = (side: Side) => ({
      send: (frame: unknown) => this.#send(side, frame),
      close: (reason: string) => this.close(reason),
    });
    return [to("far"), to("near")];
  }

  /** Names who receives at a side; what was sent to it already follows. */
  attach<In>(side: Side, end: LinkEnd<In>): void {
    if (this.#closed) return end.closed("closed");
    this.#ends.set(side, end as LinkEnd<unknown>);
    if (this.#queues[side].length > 0) this.#flushSoon();
  }

  onClose(call: () => void): void {
    this.#closers.push(call);
  }

  close(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.clock.endOfTurn(() => {
      for (const call of this.#closers) call();
      for (const end of this.#ends.values()) end.closed(reason);
    });
  }

  #send(side: Side, frame: unknown): void {
    if (this.#closed) return;
    this.#queues[side].push(frame);
    this.#flushSoon();
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    this.clock.endOfTurn(() => {
      this.#flushing = false;
      for (const side of ["near", "far"] as const) this.#deliver(side);
    });
  }

  #deliver(side: Side): void {
    const end = this.#ends.get(side);
    if (!end) return;
    for (const frame of this.#queues[side].splice(0)) if (!this.#closed) end.received(frame);
  }
}
