import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Server } from "../server.js";
import type { Heard } from "./audience.js";

/** What the thread begins with. */
export interface EarlyData {
  readonly folder: string;
  readonly server: Server;
  readonly channels: readonly string[];
}

/** Asks the thread what it got, given the channels' newest events; without them it ends. */
export interface EarlyQuestion {
  readonly newest?: ReadonlyMap<string, number>;
}

/** An audience of one in a thread of its own. */
export class EarlyListener {
  private constructor(private readonly worker: Worker) {}

  /** Resolves when all channels are followed. */
  static async open(data: EarlyData): Promise<EarlyListener> {
    const worker = new Worker(new URL("./early-worker.js", import.meta.url), { workerData: data });
    await once(worker, "message");
    return new EarlyListener(worker);
  }

  async heard(newest: ReadonlyMap<string, number>): Promise<Heard & { missing: number }> {
    const question: EarlyQuestion = { newest };
    this.worker.postMessage(question);
    const [answer] = await once(this.worker, "message");
    return answer;
  }

  async close(): Promise<void> {
    const question: EarlyQuestion = {};
    this.worker.postMessage(question);
    await this.worker.terminate();
  }
}
