import { Fenced, NotWritten } from "../log-store.js";
import type { BatchResult, OperationName, Operations, Outcome, Request } from "./operations.js";
import type { Thread } from "./thread.js";

/** Most operations that wait or are under way. */
export const queueOperationsMax = 65_536;
/** Most bytes of the operations that wait or are under way. */
export const queueBytesMax = 64 * 1024 * 1024;

/** Told of every batch: how many operations, and how many ms until their results were back. */
export interface BatchMeter {
  batched(operations: number, ms: number): void;
}

interface Pending {
  readonly request: Request;
  readonly bytes: number;
  readonly begun: (() => void) | undefined;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * Collects the operations of one turn of the event loop into a batch. One batch at a time is with the thread,
 * so batches grow as the disk gets slower than the callers.
 */
export class BatchQueue {
  #waiting: Pending[] = [];
  #underWay: Pending[] = [];
  #bytes = 0;
  #scheduled = false;
  #transactions = 0;
  #sentAt = 0;
  #closed: Error | undefined;
  #ending: Promise<void> | undefined;

  constructor(
    private readonly thread: Pick<Thread, "listen" | "send" | "ended">,
    private readonly meter?: BatchMeter,
  ) {
    thread.listen({ onResult: (result) => this.#settle(result), onEnd: (reason) => this.#end(reason) });
  }

  /** Transactions committed or tried so far. */
  get transactions(): number {
    return this.#transactions;
  }

  /** Operations that wait or are under way. */
  get length(): number {
    return this.#waiting.length + this.#underWay.length;
  }

  /**
   * Rejects with `NotWritten` if too much waits already, or if the queue is closed.
   * @param bytes about how much memory the arguments take.
   * @param begun is called when the operation goes to the thread
   */
  submit<Name extends OperationName>(
    name: Name,
    args: Parameters<Operations[Name]>,
    bytes: number,
    begun?: () => void,
  ): Promise<ReturnType<Operations[Name]>> {
    if (this.#closed) return Promise.reject(new NotWritten(this.#closed.message));
    const tooLarge = this.length > 0 && this.#bytes + bytes > queueBytesMax;
    if (this.length >= queueOperationsMax || tooLarge) {
      return Promise.reject(new NotWritten("too much is waiting to be written"));
    }
    this.#bytes += bytes;
    return new Promise((resolve, reject) => {
      const settle = resolve as (value: unknown) => void;
      this.#waiting.push({ request: { name, args }, bytes, begun, resolve: settle, reject });
      this.#schedule();
    });
  }

  /** Takes nothing more, waits for all that it took, and ends the thread; safe to call twice. */
  close(): Promise<void> {
    this.#closed ??= new Error("the store is closed");
    this.#ending ??= this.thread.ended.then(() => undefined);
    this.#schedule();
    return this.#ending;
  }

  #schedule(): void {
    if (this.#scheduled || this.#underWay.length > 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#waiting.length === 0) {
      if (this.#ending) this.thread.send("close");
      return;
    }
    [this.#underWay, this.#waiting] = [this.#waiting, []];
    this.#sentAt = performance.now();
    for (const { begun } of this.#underWay) begun?.();
    try {
      this.thread.send(this.#underWay.map(({ request }) => request));
    } catch (error) {
      this.#rejectAll(this.#takeUnderWay(), new NotWritten("the batch could not be sent", { cause: error }));
      this.#schedule();
    }
  }

  #settle(result: BatchResult): void {
    this.#transactions += result.transactions;
    this.meter?.batched(this.#underWay.length, performance.now() - this.#sentAt);
    this.#takeUnderWay().forEach((pending, at) => {
      settle(pending, result.outcomes[at]!);
    });
    if (this.#waiting.length > 0 || this.#ending) this.#schedule();
  }

  /** What was never sent was never written. */
  #end(reason: Error): void {
    this.#closed ??= new Error(`the store's thread has ended: ${reason.message}`);
    this.#rejectAll(this.#takeUnderWay(), new Error("the store's thread ended meanwhile", { cause: reason }));
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#rejectAll(waiting, new NotWritten(this.#closed.message, { cause: reason }));
  }

  #takeUnderWay(): Pending[] {
    const taken = this.#underWay;
    this.#underWay = [];
    for (const { bytes } of taken) this.#bytes -= bytes;
    return taken;
  }

  #rejectAll(all: readonly Pending[], error: Error): void {
    for (const { reject } of all) reject(error);
  }
}

function settle(pending: Pending, outcome: Outcome): void {
  if ("value" in outcome) return pending.resolve(outcome.value);
  switch (outcome.failure) {
    case "fenced":
      return pending.reject(new Fenced(outcome.message));
    case "not written":
      return pending.reject(new NotWritten(outcome.message));
    case "unknown":
      return pending.reject(new Error(outcome.message));
    default:
      return outcome.failure satisfies never;
  }
}
