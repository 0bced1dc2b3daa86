import type { Timer } from "../../lib/clock/clock.js";
import type { Random } from "./random.js";
import type { World } from "./world.js";

/** A process: it can hang, and it dies once. Nothing outside reaches its code but through `schedule`. */
export class SimNode {
  alive = true;
  /** Simulated moment (ms) before which it hangs. */
  resumeAt = 0;
  /** Called whenever it sends a write to the store. */
  writing: (() => void) | undefined;
  private readonly mourners = new Set<() => void>();

  constructor(
    readonly world: World,
    readonly host: string,
    readonly random: Random,
  ) {}

  /** Runs code of the process after a delay (ms); later if it hangs then, never if it is dead. */
  schedule(delayMs: number, what: string, call: () => void): Timer {
    return this.world.scheduler.schedule(delayMs, `${this.host}: ${what}`, call, this);
  }

  /** Ends it in the middle of whatever it does. */
  crash(): void {
    if (!this.alive) return;
    this.alive = false;
    this.world.coverage.hit("node.crashed");
    for (const mourn of [...this.mourners]) mourn();
    this.mourners.clear();
  }

  /** Lets it hang for some time (ms), as SIGSTOP or a long collection of garbage does. */
  pause(ms: number): void {
    this.world.coverage.hit("node.paused");
    this.resumeAt = Math.max(this.resumeAt, this.world.scheduler.now + ms);
  }

  /** Calls when it dies; returns what takes that back. */
  onCrash(call: () => void): () => void {
    this.mourners.add(call);
    return () => this.mourners.delete(call);
  }
}
