import { sleep } from "../../clock/clock.js";
import type { Watch, Watcher } from "../coordinator.js";
import { Changes } from "./changes.js";
import type { Endpoints } from "./endpoints.js";
import type { Keyspace } from "./keyspace.js";
import type { EtcdParts } from "./options.js";
import type { Silence, Silences } from "./silences.js";
import { followStream } from "./watch-stream.js";

/** Shortest and longest wait before a watch that was interrupted begins again, in ms, before jitter. */
const retryMs = { min: 50, max: 2000 };

/** What a watch needs of its coordinator. */
interface WatchParts extends EtcdParts {
  readonly endpoints: Endpoints;
  readonly keyspace: Keyspace;
  readonly prefix: string;
  readonly watcher: Watcher;
  readonly silences: Silences;
}

/**
 * One watcher: told all that is there, then what changes from that revision on. After every interruption it
 * begins anew with all that is there, so that nothing depends on what a connection remembers.
 */
export class EtcdWatch implements Watch {
  readonly #abort = new AbortController();
  /** Interruptions since a watch stood last. */
  #failures = 0;
  readonly #silence: Silence;

  constructor(private readonly parts: WatchParts) {
    this.#silence = parts.silences.listen(parts.prefix);
    void this.#run();
  }

  cancel(): void {
    this.#abort.abort();
    this.#silence.end();
  }

  async #run(): Promise<void> {
    const { clock, random, log, prefix } = this.parts;
    const { signal } = this.#abort;
    while (!signal.aborted) {
      const why = await this.#follow().catch((error: Error) => error.message);
      if (signal.aborted) return;
      const doubled = Math.min(retryMs.max, retryMs.min * 2 ** this.#failures++);
      const waitMs = doubled * (0.5 + random() / 2);
      log.debug({ prefix, why, waitMs }, "a watch was interrupted and begins again");
      await sleep(clock, waitMs, signal);
    }
  }

  /** Tells all that is there and what changes after, until an interruption; resolves with its reason. */
  async #follow(): Promise<string> {
    const { endpoints, keyspace, prefix, watcher, clock } = this.parts;
    const { signal } = this.#abort;
    const { entries, revision } = await keyspace.read(endpoints, prefix);
    this.#tell(() => watcher.snapshot(entries));
    if (signal.aborted) return "cancelled";
    const changes = new Changes(keyspace);
    const endpoint = endpoints.current;
    const following = followStream(endpoint.client, {
      range: keyspace.range(prefix),
      from: revision + 1,
      clock,
      signal,
      heard: () => this.#silence.heard(),
      live: () => {
        this.#failures = 0;
      },
      received: (response) => {
        for (const { puts, removed } of changes.add(response)) {
          this.#tell(() => watcher.changed(puts, removed));
        }
      },
    });
    const why = await following.catch((error: Error) => error.message);
    if (!signal.aborted) endpoints.failed(endpoint);
    return why;
  }

  /** A watcher that throws is a fault of ours, not of the connection: nobody may catch it. */
  #tell(news: () => void): void {
    if (this.#abort.signal.aborted) return;
    try {
      news();
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
