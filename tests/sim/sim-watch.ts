import type { Coordinator, Watch, Watcher } from "../../lib/coordination/coordinator.js";
import type { SimNode } from "./node.js";

/** News of one prefix on their way to one process, in order. */
export class SimWatch {
  private inner: Watch | undefined;
  private lastArrival = 0;
  private cancelled = false;

  constructor(
    private readonly node: SimNode,
    private readonly data: () => Coordinator,
    readonly prefix: string,
    private readonly watcher: Watcher,
    private readonly delay: () => number,
  ) {}

  /** Hears nothing more until it is resumed. */
  pause(): void {
    this.inner?.cancel();
    this.inner = undefined;
  }

  /** Begins, or begins anew, with all that is there. */
  resume(): void {
    if (this.inner || this.cancelled) return;
    this.inner = this.data().watch(this.prefix, {
      snapshot: (entries) => this.bring(() => this.watcher.snapshot(entries)),
      changed: (puts, removed) => this.bring(() => this.watcher.changed(puts, removed)),
    });
  }

  cancel(): void {
    this.cancelled = true;
    this.pause();
  }

  private bring(news: () => void): void {
    const { now } = this.node.world.scheduler;
    this.lastArrival = Math.max(this.lastArrival, now + this.delay());
    this.node.schedule(this.lastArrival - now, "watch", () => {
      if (!this.cancelled) news();
    });
  }
}
