import type { OwnerRecord } from "../../gen/confab/mesh/v1/ring.js";
import type { Clock, Timer } from "../clock/clock.js";
import type { Coordinator, Entry, Watch } from "../coordination/coordinator.js";
import { ConfabError } from "../errors/errors.js";
import { slotOfKey, slotPrefix } from "./keys.js";
import { isReleased, parseOwner } from "./records.js";
import { slotCount } from "./slot.js";

/** Longest wait of a server that starts for the coordinator to tell who owns which slot, in ms. */
export const ringReadyMsMax = 30_000;

/** Told the numbers of the slots whose owner record changed, ascending. */
export type RingListener = (slots: readonly number[]) => void;

/**
 * Who owns which slot, as far as the coordinator has told. The view mirrors the coordinator, records of a
 * lower epoch than known included: they come in order, so a lower epoch is no old news but a restored
 * backup, and a view that refused it would name a wrong owner for ever. That an old owner does no harm is
 * seen to where rows are written.
 */
export class RingView {
  /** Resolves once the view holds a first snapshot; rejects with `unavailable` if it is closed before. */
  readonly ready: Promise<void>;
  readonly #watch: Watch;
  readonly #records: (OwnerRecord | undefined)[] = new Array(slotCount).fill(undefined);
  readonly #values: (string | undefined)[] = new Array(slotCount).fill(undefined);
  readonly #revisions: number[] = new Array(slotCount).fill(0);
  readonly #listeners = new Set<RingListener>();
  #failReady: (error: Error) => void = () => {};

  constructor(coordinator: Pick<Coordinator, "watch">) {
    let isReady = () => {};
    this.ready = new Promise((resolve, reject) => {
      isReady = resolve;
      this.#failReady = reject;
    });
    this.ready.catch(() => {});
    this.#watch = coordinator.watch(slotPrefix, {
      snapshot: (entries) => {
        const there = new Set(entries.map(({ key }) => slotOfKey(key)));
        const gone = [...this.#values.keys()].filter((slot) => !there.has(slot));
        this.#apply(entries, gone);
        isReady();
      },
      changed: (puts, removed) =>
        this.#apply(
          puts,
          removed.map((key) => slotOfKey(key)),
        ),
    });
  }

  /** Resolves as `ready` does; rejects with `deadline_exceeded` if a server's start cannot wait. */
  async readyInTime(clock: Clock): Promise<void> {
    const why = `the coordinator has not told who owns what for ${ringReadyMsMax / 1000} s`;
    let timer: Timer | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = clock.after(ringReadyMsMax, () => reject(new ConfabError("deadline_exceeded", "", why)));
    });
    try {
      await Promise.race([this.ready, late]);
    } finally {
      timer?.cancel();
    }
  }

  /** The slot's owner, or undefined while it has none. */
  ownerOf(slot: number): OwnerRecord | undefined {
    return this.#records[slot];
  }

  /** Revision of what is under the slot's key, as far as is known; 0: nothing. */
  revisionOf(slot: number): number {
    return this.#revisions[slot] ?? 0;
  }

  /** Calls after every change of the view with the slots concerned; the result ends that. */
  onChange(listener: RingListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends the watch; what is known stays. Safe to call twice. */
  close(): void {
    this.#watch.cancel();
    this.#listeners.clear();
    this.#failReady(new ConfabError("unavailable", "", "the view of the ring was closed"));
  }

  #apply(puts: readonly Entry[], removed: readonly (number | undefined)[]): void {
    const changed = new Set<number>();
    for (const slot of removed) if (slot !== undefined && this.#set(slot, undefined)) changed.add(slot);
    for (const entry of puts) {
      const slot = slotOfKey(entry.key);
      if (slot !== undefined && this.#set(slot, entry)) changed.add(slot);
    }
    if (changed.size === 0) return;
    const slots = [...changed].sort((one, other) => one - other);
    for (const listener of [...this.#listeners]) listener(slots);
  }

  /** Takes over one slot's entry; whether that says anything new. */
  #set(slot: number, entry: Entry | undefined): boolean {
    this.#revisions[slot] = entry?.revision ?? 0;
    if (this.#values[slot] === entry?.value) return false;
    this.#values[slot] = entry?.value;
    const record = entry && parseOwner(entry);
    this.#records[slot] = record && !isReleased(record) ? record : undefined;
    return true;
  }
}
