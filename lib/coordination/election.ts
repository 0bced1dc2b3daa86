import { type Clock, sleep } from "../clock/clock.js";
import type { Log } from "../log/log.js";
import type { Condition, Coordinator, Entry, Lease, Watch } from "./coordinator.js";
import { leaseTtlMs } from "./lease-times.js";
import { Reign } from "./reign.js";

/** What a candidate is made of. */
export interface ElectionParts {
  readonly clock: Clock;
  /** A number from 0 to below 1. */
  readonly random: () => number;
  readonly coordinator: Coordinator;
  readonly log: Log;
  /** The key that the leader holds. */
  readonly key: string;
  /** Name of the candidate, the same in all its lives; no other candidate has it. */
  readonly id: string;
  /** Called whenever this candidate begins or ends to lead. */
  readonly changed: () => void;
}

/** Shortest and longest wait after a campaign that failed, in ms, before jitter. */
const retryMs = { min: 100, max: 2000 };
/** How long one that resigned lets others go first, in ms. */
const pauseMs = 3000;

/**
 * Sees to it that one candidate leads: it holds a key under a lease, and the others wait for that key to go.
 * A leader that is not sure of its lease steps down. All the same two may believe to lead for a while, as
 * clocks and processes stop: what a leader writes must compare `condition`, which holds for one of them only.
 */
export class Election {
  readonly #parts: ElectionParts;
  readonly #life: string;
  readonly #abort = new AbortController();
  #watch: Watch | undefined;
  #running: Promise<void> | undefined;
  /** What is known of the key; undefined before the first news. */
  #news: { readonly holder: Entry | undefined } | undefined;
  #wake = () => {};
  #reign: Reign | undefined;
  #resigned = false;
  /** A former life of this candidate that still holds the key may be replaced, but not twice. */
  #mayReplaceFormerLife = true;

  constructor(parts: ElectionParts) {
    this.#parts = parts;
    this.#life = `${parts.id}/${Math.floor(parts.random() * 2 ** 48).toString(36)}`;
  }

  /** What holds while this candidate leads, to be compared by all that it writes; undefined: it does not. */
  get condition(): Condition | undefined {
    return this.#reign && { key: this.#parts.key, revision: this.#reign.revision };
  }

  /** Begins to stand for election, in the background and until `close`. */
  start(): void {
    if (this.#running || this.#abort.signal.aborted) return;
    const { coordinator, key } = this.#parts;
    this.#watch = coordinator.watch(key, {
      snapshot: (entries) => this.#hear(entries.find((entry) => entry.key === key)),
      changed: (puts, removed) => {
        const put = puts.find((entry) => entry.key === key);
        if (put || removed.includes(key)) this.#hear(put);
      },
    });
    this.#running = this.#campaign();
  }

  /** Looks whether this candidate still leads: after a write was refused that should not have been. */
  async doubt(): Promise<void> {
    const { coordinator, key } = this.#parts;
    const reign = this.#reign;
    const holder = (await coordinator.read(key)).find((entry) => entry.key === key);
    if (reign && holder?.revision !== reign.revision) reign.end("the key is not ours any more");
  }

  /** Lets another lead, if there is one that can; stands again after a pause. */
  resign(why: string): void {
    if (!this.#reign) return;
    this.#resigned = true;
    this.#reign.end(why);
  }

  /** Resigns, so that another can lead at once, and stands no more. Safe to call twice. */
  async close(): Promise<void> {
    this.#abort.abort();
    this.#watch?.cancel();
    this.#reign?.end("resigned");
    this.#wake();
    await this.#running;
  }

  #hear(holder: Entry | undefined): void {
    this.#news = { holder };
    this.#reign?.heard(holder);
    this.#wake();
  }

  async #campaign(): Promise<void> {
    const { clock, random, log, key } = this.#parts;
    const { signal } = this.#abort;
    for (let failures = 0; !signal.aborted; ) {
      try {
        if (await this.#stand()) failures = 0;
        if (this.#resigned) await sleep(clock, pauseMs, signal);
        this.#resigned = false;
      } catch (error) {
        if (signal.aborted) return;
        const waitMs = Math.min(retryMs.max, retryMs.min * 2 ** failures++) * (0.5 + random() / 2);
        log.warn({ key, waitMs, err: error }, "a campaign failed");
        await sleep(clock, waitMs, signal);
      }
    }
  }

  /** Takes its chance once there is one; resolves after the reign, or with false if another was faster. */
  async #stand(): Promise<boolean> {
    while (!this.#isFree()) {
      if (this.#abort.signal.aborted) return false;
      await this.#nextNews();
    }
    const reign = new Reign(this.#parts.clock);
    try {
      return await this.#tryToLead(reign);
    } finally {
      reign.end("not elected");
    }
  }

  async #tryToLead(reign: Reign): Promise<boolean> {
    const { coordinator, key } = this.#parts;
    const seen = this.#news;
    const lease = await coordinator.grantLease(leaseTtlMs);
    try {
      if (this.#abort.signal.aborted) return false;
      const when = [{ key, revision: seen?.holder?.revision ?? 0 }];
      const revision = await coordinator.transact({ when, put: [{ key, value: this.#life, lease }] });
      if (revision !== undefined) await this.#lead(reign, lease, revision);
      else while (this.#news === seen && !this.#abort.signal.aborted) await this.#nextNews();
      return revision !== undefined;
    } finally {
      // Whatever came of it, this lease ends here; if nobody can be told, it ends by itself.
      const revoked = lease.revoke().catch(() => {});
      if (this.#abort.signal.aborted) await revoked;
    }
  }

  async #lead(reign: Reign, lease: Lease, revision: number): Promise<void> {
    const { log, key, changed } = this.#parts;
    this.#mayReplaceFormerLife = false;
    if (this.#abort.signal.aborted || !reign.begin(lease, revision)) return;
    this.#reign = reign;
    // The news of the election may have come before the answer.
    reign.heard(this.#news?.holder);
    log.info({ key, revision }, "elected");
    changed();
    const why = await reign.over;
    this.#reign = undefined;
    log.info({ key, revision, why }, "leads no more");
    changed();
  }

  /** Nobody holds the key, or only this candidate in a campaign that failed or in a former life. */
  #isFree(): boolean {
    if (!this.#news) return false;
    const { holder } = this.#news;
    if (!holder || holder.value === this.#life) return true;
    return this.#mayReplaceFormerLife && holder.value.startsWith(`${this.#parts.id}/`);
  }

  #nextNews(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
