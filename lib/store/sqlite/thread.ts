import { Worker } from "node:worker_threads";
import type { BatchResult, Request } from "./operations.js";

/** A batch, or the end. */
export type ToWorker = readonly Request[] | "close";

/** What the thread is started with. */
export interface WorkerData {
  readonly folder: string;
}

/** Whoever waits for what a thread says. */
interface ThreadListener {
  /** The result of the batch that was sent. */
  onResult(result: BatchResult): void;
  /** The thread has ended; nothing comes any more. */
  onEnd(reason: Error): void;
}

/** The thread that holds the database. */
export class Thread {
  /** Resolves with the reason when the thread has ended and let go of its files. */
  readonly ended: Promise<Error>;

  private constructor(private readonly worker: Worker) {
    let reason = new Error("the thread has ended");
    worker.on("error", (error) => {
      reason = error;
    });
    this.ended = new Promise((resolve) => {
      worker.once("exit", () => resolve(reason));
    });
  }

  /** Rejects with what kept the folder's database from being opened. */
  static async start(folder: string): Promise<Thread> {
    const workerData: WorkerData = { folder };
    const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData });
    const thread = new Thread(worker);
    const ended = thread.ended.then((reason) => Promise.reject(reason));
    await Promise.race([new Promise((resolve) => worker.once("message", resolve)), ended]);
    return thread;
  }

  listen(listener: ThreadListener): void {
    this.worker.on("message", (result: BatchResult) => listener.onResult(result));
    this.ended.then((reason) => listener.onEnd(reason));
  }

  send(message: ToWorker): void {
    this.worker.postMessage(message);
  }

  /** Ends the thread wherever it is. */
  async terminate(): Promise<void> {
    await this.worker.terminate();
  }
}
