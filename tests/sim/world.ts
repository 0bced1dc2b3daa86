import { Coverage } from "./coverage.js";
import { SimNode } from "./node.js";
import { Random } from "./random.js";
import { Scheduler } from "./scheduler.js";
import { SimClock } from "./sim-clock.js";
import { Trace } from "./trace.js";

/** What everything simulated in one run shares. */
export class World {
  readonly trace: Trace;
  readonly scheduler: Scheduler;
  readonly coverage = new Coverage();
  /** The clock of what never hangs or dies. */
  readonly clock: SimClock;
  private readonly root: Random;
  private lives = 0;

  constructor(seed: number, verbose = false) {
    this.trace = new Trace(verbose);
    this.scheduler = new Scheduler(this.trace);
    this.root = new Random(seed);
    this.clock = new SimClock(this.start("world"));
  }

  /** Random numbers for a purpose, the same ones for the same seed. */
  random(purpose: string): Random {
    return this.root.fork(purpose);
  }

  /** Starts a process on a host; several may follow one another on it. */
  start(host: string): SimNode {
    return new SimNode(this, host, this.random(`${host}/${++this.lives}`));
  }
}
