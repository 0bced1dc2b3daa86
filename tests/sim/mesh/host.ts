import type { World } from "../world.js";
import type { Process } from "./process.js";

/** How long a supervisor waits before it starts again what could not begin, in ms. */
const restartMs = 1000;

/** What runs in a process. */
export interface Program {
  /** Hands over what it has while it serves on. */
  leave?(): Promise<void>;
  close(): Promise<void> | void;
}

/** A machine that runs one program, in one process after another. */
export class Host<Running extends Program = Program> {
  /** How far the machine's clock is ahead of the true time, in ms. */
  clockOffsetMs = 0;
  private present: Process | undefined;
  private running: Running | undefined;

  constructor(
    readonly name: string,
    private readonly world: World,
    private readonly makeProcess: (host: string) => Process,
    /** Starts the program; resolves when it serves. */
    private readonly begin: (process: Process) => Promise<Running>,
  ) {}

  /** The living process, or undefined. */
  get process(): Process | undefined {
    return this.present?.node.alive ? this.present : undefined;
  }

  /** What runs, or undefined while nothing serves. */
  get program(): Running | undefined {
    return this.process && this.running;
  }

  start(): void {
    if (this.process) return;
    const process = this.makeProcess(this.name);
    this.present = process;
    this.running = undefined;
    this.setClock(this.clockOffsetMs);
    this.begin(process).then(
      (program) => {
        if (this.process === process) this.running = program;
      },
      () => {
        if (this.process === process) this.crash(restartMs);
      },
    );
  }

  /** Ends the process in the middle of whatever it does; another one starts so many milliseconds later. */
  crash(downMs: number): void {
    this.process?.node.crash();
    this.running = undefined;
    this.world.scheduler.schedule(downMs, `start ${this.name}`, () => this.start());
  }

  /** Lets the program end by itself; another one starts so many milliseconds after that. */
  stop(downMs: number): void {
    this.end(downMs, "is stopped", (program) => program.close());
  }

  /** As `stop`, but the program hands over what it has before. */
  leave(downMs: number): void {
    this.end(downMs, "leaves", async (program) => {
      await program.leave?.();
      await program.close();
    });
  }

  private end(downMs: number, how: string, end: (program: Running) => Promise<void> | void): void {
    const { process, program } = this;
    if (!process || !program) return;
    process.node.schedule(0, how, () => {
      const ended = () => {
        if (this.process === process) this.crash(downMs);
      };
      Promise.resolve(end(program)).then(ended, ended);
    });
  }

  setClock(offsetMs: number): void {
    this.clockOffsetMs = offsetMs;
    if (this.present) this.present.clock.offsetMs = offsetMs;
  }
}
