import type { Clock } from "../clock/clock.js";
import type { Entry, Watch, Watcher } from "./coordinator.js";

interface Change {
  readonly puts: readonly Entry[];
  readonly removed: readonly string[];
}

/** What a watch needs of its coordinator. */
interface Source {
  /** All entries below the prefix, now. */
  read(): readonly Entry[];
  ended(): void;
}

/** One watcher with what it has not heard yet; it hears everything at the end of a turn. */
export class MemoryWatch implements Watch {
  readonly #clock: Clock;
  readonly #prefix: string;
  readonly #watcher: Watcher;
  readonly #source: Source;
  /** Undefined until the snapshot, which holds whatever changed before it. */
  #unheard: Change[] | undefined;
  #scheduled = false;
  #cancelled = false;

  constructor(clock: Clock, prefix: string, watcher: Watcher, source: Source) {
    this.#clock = clock;
    this.#prefix = prefix;
    this.#watcher = watcher;
    this.#source = source;
    this.#schedule();
  }

  /** Takes down what a transaction or an expiry changed, as far as it concerns this watch. */
  note(allPuts: readonly Entry[], allRemoved: readonly string[]): void {
    if (!this.#unheard) return;
    const puts = allPuts.filter(({ key }) => key.startsWith(this.#prefix));
    const removed = allRemoved.filter((key) => key.startsWith(this.#prefix));
    if (puts.length + removed.length === 0) return;
    this.#unheard.push({ puts, removed });
    this.#schedule();
  }

  cancel(): void {
    this.#cancelled = true;
    this.#source.ended();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#clock.endOfTurn(() => this.#deliver());
  }

  #deliver(): void {
    this.#scheduled = false;
    if (this.#cancelled) return;
    const changes = this.#unheard;
    this.#unheard = [];
    if (!changes) return this.#watcher.snapshot(this.#source.read());
    for (const { puts, removed } of changes) {
      if (this.#cancelled) return;
      this.#watcher.changed(puts, removed);
    }
  }
}
