import type { Event } from "../../../gen/confab/v1/types.js";
import type { EventId, Position, Seq } from "../../../lib/ids/ids.js";
import { type Cell, cellOf } from "./annotations.js";
import type { ChannelState } from "./channel-state.js";
import { changesMembership } from "./membership.js";
import type { Outside } from "./store-work.js";
import type { Place } from "./target.js";

/** Wait before a projection that failed is tried again, in ms. */
const retryMs = 200;
/**
 * With more events than this behind the tail, a channel takes no writes until the projections have caught
 * up.
 */
const unprojectedEventsMax = 1000;
/** Most events that are projected together. */
const projectedEventsMax = 256;

/** An event to carry into the tables beside the log, and the message that it is about, if that is known. */
export interface ToProject {
  readonly event: Event;
  readonly target?: Place | undefined;
}

/** Whether an event leaves anything in the tables beside the log. */
export function isProjected(event: Event): boolean {
  const { kind } = event;
  if (kind?.$case === "messagePosted") return kind.value.parentId !== 0;
  return changesMembership(kind) || kind?.$case === "readMarked" || cellOf(event) !== undefined;
}

/** Carries a channel's events into the tables beside the log, in order, after they are confirmed. */
export class Projector {
  #pending: ToProject[] = [];
  #waiting: { readonly seq: Seq; readonly call: () => void }[] = [];
  #state: ChannelState | undefined;
  #closed = false;
  #running = false;

  constructor(
    private readonly outside: Outside,
    /** Called when a channel that was too far behind may be no longer. */
    private readonly caughtUp: (now: number) => void,
  ) {}

  /** From now on events can be projected. */
  open(state: ChannelState): void {
    this.#state = state;
  }

  /** Takes in confirmed events. */
  add(events: readonly ToProject[]): void {
    for (const one of events) if (isProjected(one.event)) this.#pending.push(one);
    if (!this.#running) this.#project();
  }

  /** Everything up to this `seq` is projected. */
  projected(tail: Position): Seq {
    const next = this.#pending[0];
    return next ? next.event.seq - 1 : tail.seq;
  }

  isTooFarBehind(tail: Position): boolean {
    return tail.seq - this.projected(tail) > unprojectedEventsMax;
  }

  /** Nothing is left to project, and nobody waits for it. */
  get isIdle(): boolean {
    return this.#pending.length === 0 && this.#waiting.length === 0;
  }

  /** Confirmed events that the tables may not have yet, ascending. */
  get pending(): readonly ToProject[] {
    return this.#pending;
  }

  /** The values of pending events for one message. */
  cellsOf(messageId: EventId): Cell[] {
    const cells: Cell[] = [];
    for (const { event } of this.#pending) {
      const write = cellOf(event);
      if (write?.messageId === messageId) cells.push(write.cell);
    }
    return cells;
  }

  /** Calls once everything up to this `seq`, which is confirmed, is projected. */
  whenProjected(seq: Seq, call: () => void): void {
    const next = this.#pending[0];
    if (!next || next.event.seq > seq) call();
    else this.#waiting.push({ seq, call });
  }

  close(): void {
    this.#closed = true;
    this.#waiting = [];
  }

  #project(): void {
    const state = this.#state;
    const events = this.#pending.slice(0, projectedEventsMax);
    this.#running = state !== undefined && events.length > 0;
    if (!state || events.length === 0) return;
    const work = { segments: [...state.segments], tail: state.tail, events };
    this.outside.store.project(state.id, work, (outcome, now) => {
      if (this.#closed) return;
      if ("failure" in outcome) return this.outside.later(retryMs, () => !this.#closed && this.#project());
      this.#pending = this.#pending.slice(events.length);
      this.#tell();
      this.#project();
      this.caughtUp(now);
    });
  }

  #tell(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { seq, call } of waiting) this.whenProjected(seq, call);
  }
}
