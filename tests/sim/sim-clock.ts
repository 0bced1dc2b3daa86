import type { Clock, Timer } from "../../lib/clock/clock.js";
import type { SimNode } from "./node.js";

/** Wall-clock milliseconds at which every simulation begins. */
const beginningMs = 1_700_000_000_000;
/** How late timers may be. */
const latenessMsMax = 1;
/** How long a turn of the event loop takes: mostly short, now and then long. */
const turnMs = { short: 0.05, long: 2, longChance: 0.05 };

/** The clock of one process. */
export class SimClock implements Clock {
  /** How far it is ahead of the true time, in milliseconds; may be changed at any time. */
  offsetMs = 0;
  private turn: (() => void)[] | undefined;

  constructor(private readonly node: SimNode) {}

  now(): number {
    return beginningMs + this.offsetMs + this.node.world.scheduler.now;
  }

  after(ms: number, call: () => void): Timer {
    return this.node.schedule(ms + this.node.random.fraction() * latenessMsMax, "timer", call);
  }

  endOfTurn(call: () => void): void {
    if (this.turn) {
      this.turn.push(call);
      return;
    }
    this.turn = [call];
    const { random } = this.node;
    const most = random.chance(turnMs.longChance) ? turnMs.long : turnMs.short;
    this.node.schedule(random.fraction() * most, "end of turn", () => {
      const calls = this.turn ?? [];
      this.turn = undefined;
      for (const call of calls) call();
    });
  }
}
