import { setTimeout as wait } from "node:timers/promises";
import { MetricsSnapshot } from "../metrics.js";
import type { Server } from "../server.js";

const everyMs = 250;

/** Looks at a server's memory and connections every so often. */
export class ServerWatch {
  #startBytes = 0;
  #peakBytes = 0;
  #startSessions = 0;
  #began = 0;
  /** Seconds after which there were fewer connections than at first; undefined if there never were. */
  cutOffSeconds: number | undefined;
  #closed = false;
  #looking: Promise<void> = Promise.resolve();

  constructor(private readonly server: Pick<Server, "url" | "ca">) {}

  /** From now on everything is compared with what is now. */
  async begin(): Promise<void> {
    const { bytes, sessions } = await this.#look();
    this.#began = performance.now();
    this.#startBytes = bytes;
    this.#peakBytes = bytes;
    this.#startSessions = sessions;
    this.#looking = this.#lookAgainAndAgain();
  }

  /** By how much the server's memory rose at most. */
  get growthBytes(): number {
    return this.#peakBytes - this.#startBytes;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#looking;
  }

  async #lookAgainAndAgain(): Promise<void> {
    while (!this.#closed) {
      await wait(everyMs);
      const { bytes, sessions } = await this.#look();
      this.#peakBytes = Math.max(this.#peakBytes, bytes);
      if (sessions < this.#startSessions) this.cutOffSeconds ??= (performance.now() - this.#began) / 1000;
    }
  }

  async #look(): Promise<{ bytes: number; sessions: number }> {
    const metrics = await MetricsSnapshot.read(this.server);
    return {
      bytes: metrics.sum("confab_process_resident_memory_bytes"),
      sessions: metrics.sum("confab_gateway_sessions"),
    };
  }
}
