import type { Append } from "../../../lib/store/log-store.js";
import type { Random } from "../random.js";
import { Recorder } from "../workload/recorder.js";
import { World } from "../world.js";
import type { VerboseResult } from "./simulate.js";

/** Longest run, in simulated ms; whatever is not done then never will be. */
const runMsMax = 400_000;
const checkpointMs = 1000;

/** One run of one seed. */
export abstract class SeededRun {
  protected readonly world: World;
  protected readonly random: Random;
  protected readonly recorder: Recorder;
  private readonly checkpoints: string[] = [];
  private ended = false;

  constructor(
    private readonly seed: number,
    verbose: boolean,
  ) {
    this.world = new World(seed, verbose);
    this.random = this.world.random("run");
    this.recorder = new Recorder(this.world, verbose);
  }

  async go(): Promise<void> {
    const { scheduler, trace } = this.world;
    const course = this.course().finally(() => {
      this.ended = true;
    });
    course.catch(() => {});
    for (let until = checkpointMs; !this.ended; until += checkpointMs) {
      await scheduler.runUntil(until);
      this.checkpoints.push(trace.digest());
      if (until > runMsMax) return this.recorder.complain("G8", "", "the run did not come to its end");
    }
    await course;
  }

  /** Takes down that something threw. */
  failed(error: unknown): void {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.recorder.complain("no crash", "", what);
  }

  result(): VerboseResult {
    const { seed, world, recorder, checkpoints } = this;
    return {
      seed,
      violations: [...recorder.verdict().violations, ...recorder.complaints],
      coverage: world.coverage.all(),
      events: world.scheduler.ran,
      digest: world.trace.digest(),
      checkpoints,
      history: recorder.kept,
      trace: world.trace.recent(),
    };
  }

  /** What happens, from the beginning to the end. */
  protected abstract course(): Promise<void>;

  /** What goes wrong here must not look like a failure of the store. */
  protected stored(append: Append): void {
    try {
      this.recorder.stored(append);
    } catch (error) {
      this.failed(error);
    }
  }
}
