import type { Timer } from "../../lib/clock/clock.js";
import type { Trace } from "./trace.js";

/** What decides whether a task may run: a process that can hang and die. */
export interface Gate {
  readonly alive: boolean;
  /** Simulated moment (ms) before which its tasks wait. */
  readonly resumeAt: number;
}

interface Task extends Timer {
  at: number;
  order: number;
  readonly what: string;
  readonly gate: Gate | undefined;
  call: (() => void) | undefined;
}

/**
 * Runs tasks one by one by simulated time, those of one moment in the order in which they were scheduled.
 * All promises that a task settles are followed to their end before the next task, so that one order of
 * tasks is one course of events.
 */
export class Scheduler {
  private readonly heap: Task[] = [];
  private order = 0;
  private time = 0;
  private count = 0;

  constructor(private readonly trace: Trace) {}

  /** Simulated milliseconds since the beginning. */
  get now(): number {
    return this.time;
  }

  /** How many tasks have run. */
  get ran(): number {
    return this.count;
  }

  /** Runs `call` after a delay (ms). With a gate: not when that is dead, and not while it hangs. */
  schedule(delayMs: number, what: string, call: () => void, gate?: Gate): Timer {
    const task: Task = {
      at: this.time + Math.max(0, delayMs),
      order: this.order++,
      what,
      gate,
      call,
      cancel: () => {
        task.call = undefined;
      },
    };
    this.push(task);
    return task;
  }

  /** Runs all tasks up to a moment (ms); rejects with what a task throws, and goes no further. */
  runUntil(moment: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const turn = () => {
        try {
          if (this.step(moment)) setImmediate(turn);
          else resolve();
        } catch (error) {
          reject(error);
        }
      };
      turn();
    });
  }

  /** Runs the next task that may run; false if none is left before the moment. */
  private step(moment: number): boolean {
    for (let task = this.heap[0]; task !== undefined && task.at <= moment; task = this.heap[0]) {
      this.pop();
      if (!task.call || task.gate?.alive === false) continue;
      this.time = task.at;
      if (task.gate && task.gate.resumeAt > this.time) {
        task.at = task.gate.resumeAt;
        task.order = this.order++;
        this.push(task);
        continue;
      }
      this.count++;
      this.trace.note(this.time, task.what);
      task.call();
      return true;
    }
    this.time = moment;
    return false;
  }

  private push(task: Task): void {
    const { heap } = this;
    let index = heap.length;
    while (index > 0) {
      const up = (index - 1) >> 1;
      const parent = heap[up];
      if (!parent || !isBefore(task, parent)) break;
      heap[index] = parent;
      index = up;
    }
    heap[index] = task;
  }

  private pop(): void {
    const { heap } = this;
    const task = heap.pop();
    if (!task || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let down = 2 * index + 1;
      let child = heap[down];
      const right = heap[down + 1];
      if (child && right && isBefore(right, child)) {
        child = right;
        down++;
      }
      if (!child || !isBefore(child, task)) break;
      heap[index] = child;
      index = down;
    }
    heap[index] = task;
  }
}

function isBefore(one: Task, other: Task): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
