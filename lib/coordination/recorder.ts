import type { Coordinator, Entry, Watch, Watcher } from "./coordinator.js";

/** Watches a prefix and takes down what it hears, for tests. */
export class Recorder implements Watcher {
  readonly watch: Watch;
  /** What was heard, one word a change. */
  readonly words: string[] = [];
  /** Revisions of what was put, in the order heard. */
  readonly revisions: number[] = [];
  readonly #entries = new Map<string, Entry>();

  constructor(coordinator: Coordinator, prefix: string) {
    this.watch = coordinator.watch(prefix, this);
  }

  snapshot(entries: readonly Entry[]): void {
    this.words.push(["snapshot", ...entries.map(({ key, value }) => `${key}=${value}`)].join(" "));
    this.#entries.clear();
    for (const entry of entries) this.#entries.set(entry.key, entry);
  }

  changed(puts: readonly Entry[], removed: readonly string[]): void {
    for (const entry of puts) {
      this.words.push(`put ${entry.key}=${entry.value}`);
      this.revisions.push(entry.revision);
      this.#entries.set(entry.key, entry);
    }
    for (const key of removed) {
      this.words.push(`removed ${key}`);
      this.#entries.delete(key);
    }
  }

  /** What is there by all that was heard, in order of keys. */
  entries(): Entry[] {
    return [...this.#entries.values()].sort((one, other) => (one.key < other.key ? -1 : 1));
  }
}
