import type { Command } from "../../../gen/confab/mesh/v1/write.js";
import type { Asker } from "./answers.js";

/** Most commands that wait for one channel, and their bytes of text. */
const waitingCommandsMax = 8192;
const waitingBytesMax = 32 * 1024 * 1024;

/** A durable command that waits for its place. */
export interface Waiting {
  readonly command: Command;
  readonly asker: Asker;
  /** Looking for its key in the store; its turn comes when that is known. */
  lookup: "none" | "running" | "done";
}

/** The commands of a channel in the order in which they came, bounded. */
export class CommandQueue {
  #waiting: Waiting[] = [];
  #head = 0;
  #bytes = 0;

  get length(): number {
    return this.#waiting.length - this.#head;
  }

  /** Takes the command in, or returns undefined because too much is waiting. */
  push(command: Command, asker: Asker): Waiting | undefined {
    if (this.length >= waitingCommandsMax || this.#bytes > waitingBytesMax) return undefined;
    const waiting: Waiting = { command, asker, lookup: "none" };
    this.#waiting.push(waiting);
    this.#bytes += textLength(command);
    return waiting;
  }

  peek(): Waiting | undefined {
    return this.#waiting[this.#head];
  }

  /** The commands whose turn is next. */
  first(count: number): readonly Waiting[] {
    return this.#waiting.slice(this.#head, this.#head + count);
  }

  shift(): void {
    this.#bytes -= textLength(this.#waiting[this.#head]!.command);
    this.#head++;
    if (this.#head * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#head);
      this.#head = 0;
    }
  }

  /** Empties the queue. */
  drain(): Waiting[] {
    const rest = this.#waiting.slice(this.#head);
    this.#waiting = [];
    this.#head = 0;
    this.#bytes = 0;
    return rest;
  }
}

function textLength(command: Command): number {
  const { action } = command;
  return action?.$case === "post" || action?.$case === "edit" ? action.value.text.length : 0;
}
