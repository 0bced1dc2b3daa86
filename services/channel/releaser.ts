import type { OwnerRecord } from "../../gen/confab/mesh/v1/ring.js";
import { type Clock, sleep } from "../../lib/clock/clock.js";
import type { Condition, Coordinator, Entry, Watch } from "../../lib/coordination/coordinator.js";
import { ConfabError } from "../../lib/errors/errors.js";
import type { Log } from "../../lib/log/log.js";
import { epochKey, memberKey, moveKey, movePrefix, slotKey } from "../../lib/ring/keys.js";
import { parseMember, parseOwner } from "../../lib/ring/records.js";
import type { RingView } from "../../lib/ring/ring-view.js";
import { parseMove } from "../../lib/ring/wishes.js";
import type { Life } from "./life.js";
import type { ReleaseOutcome } from "./meter.js";
import { type Counter, nextRecords, type OwnMove, releaseOf, spoilerOf } from "./releases.js";

/** Most slots of one release: of each the record and the move are compared and written. */
const releasedSlotsMax = 60;
/** How long after a transaction was sent its answer is waited for, in ms: with the wait before it, 50 ms. */
const answerMsMax = 25;
/** Shortest and longest wait before a slot that could not be released is tried again, in ms; jittered. */
const againMs = { min: 40, max: 2000 };

/** What releases are made of. */
export interface ReleaserParts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly coordinator: Pick<Coordinator, "read" | "watch" | "transact">;
  readonly ring: Pick<RingView, "ownerOf" | "revisionOf">;
  readonly log: Log;
  readonly incarnation: string;
  readonly life: Pick<Life, "freeze" | "thaw" | "slotsChanged">;
  /** Told how often a slot was moved, or a try was given up or ended without an answer. */
  readonly meter?: { released(outcome: ReleaseOutcome, slots: number): void } | undefined;
}

/**
 * Releases the slots of one life of a channel server that charm wants elsewhere: a few at a time, each frozen
 * for no longer than its last write and one transaction take. What cannot be released now goes on being
 * served, and is tried again later.
 */
export class Releaser {
  readonly #moves = new Map<string, Entry>();
  /** Slots that are not tried for a while. */
  readonly #resting = new Set<number>();
  readonly #failures = new Map<number, number>();
  readonly #abort = new AbortController();
  readonly #watch: Watch;
  #running = false;

  constructor(private readonly parts: ReleaserParts) {
    this.#watch = parts.coordinator.watch(movePrefix, {
      snapshot: (entries) => {
        this.#moves.clear();
        this.#changed(entries, []);
      },
      changed: (puts, removed) => this.#changed(puts, removed),
    });
  }

  /** Begins no release any more; what is frozen stays so, as its life ends too. */
  close(): void {
    this.#abort.abort();
    this.#watch.cancel();
  }

  #changed(puts: readonly Entry[], removed: readonly string[]): void {
    for (const key of removed) this.#moves.delete(key);
    for (const entry of puts) this.#moves.set(entry.key, entry);
    this.#go();
  }

  #go(): void {
    if (this.#running || this.#abort.signal.aborted) return;
    this.#running = true;
    void this.#releaseAll().finally(() => {
      this.#running = false;
    });
  }

  async #releaseAll(): Promise<void> {
    for (let batch = this.#next(); batch.length > 0; batch = this.#next()) {
      const slots = batch.map(({ move }) => move.slot);
      try {
        const moved = await this.#release(batch);
        for (const slot of moved) this.#failures.delete(slot);
        const left = slots.filter((slot) => !moved.includes(slot));
        if (left.length > 0) this.#rest(left);
      } catch (error) {
        this.parts.log.debug({ err: error, slots }, "could not prepare a release");
        this.#rest(slots);
      }
    }
  }

  /** Moves to the same member that can be tried now. */
  #next(): OwnMove[] {
    if (this.#abort.signal.aborted) return [];
    const found: OwnMove[] = [];
    for (const entry of this.#moves.values()) {
      const move = parseMove(entry);
      if (!move || move.fromIncarnation !== this.parts.incarnation || this.#resting.has(move.slot)) continue;
      const record = this.parts.ring.ownerOf(move.slot);
      if (record?.incarnation !== move.fromIncarnation) continue;
      if (found.length > 0 && found[0]!.move.toIncarnation !== move.toIncarnation) continue;
      const recordRevision = this.parts.ring.revisionOf(move.slot);
      found.push({ move, revision: entry.revision, record, recordRevision });
      if (found.length === releasedSlotsMax) break;
    }
    return found;
  }

  /** Tries to release slots; those that are another member's then. */
  async #release(batch: readonly OwnMove[]): Promise<number[]> {
    const { life, clock, meter } = this.parts;
    const target = await this.#target(batch[0]!);
    if (!target) return [];
    const counter = await this.#counter();
    const quiet = new Set(await life.freeze(batch.map(({ move }) => move.slot)));
    const ready = batch.filter(({ move }) => quiet.has(move.slot));
    if (ready.length < batch.length) meter?.released("given_up", batch.length - ready.length);
    if (ready.length === 0) return [];
    const records = nextRecords(ready, counter, clock.now());
    const outcome = await this.#commit(ready, records, counter, target);
    if (outcome === "unknown") meter?.released("unknown", ready.length);
    const moved = outcome === "unknown" ? await this.#settle(ready, counter) : outcome ? records : [];
    if (!moved) return [];
    if (moved.length > 0) life.slotsChanged(new Map(moved.map((record) => [record.slot, record])));
    for (const { slot } of moved) this.#moves.delete(moveKey(slot));
    life.thaw(ready.map(({ move }) => move.slot));
    meter?.released("moved", moved.length);
    if (moved.length < ready.length) meter?.released("given_up", ready.length - moved.length);
    return moved.map(({ slot }) => slot);
  }

  /** That the member that takes over is there, and stays; undefined if it does not. */
  async #target({ move }: OwnMove): Promise<Condition | undefined> {
    const key = memberKey(move.toMemberId);
    const entry = (await this.parts.coordinator.read(key)).find((one) => one.key === key);
    const member = entry && parseMember(entry);
    if (!entry || !member || member.leaving || member.incarnation !== move.toIncarnation) return undefined;
    return { key, revision: entry.revision };
  }

  async #counter(): Promise<Counter> {
    return (await this.parts.coordinator.read(epochKey)).find(({ key }) => key === epochKey);
  }

  /** Whether the records were committed. */
  async #commit(
    moves: readonly OwnMove[],
    records: readonly OwnerRecord[],
    counter: Counter,
    target: Condition,
  ): Promise<boolean | "unknown"> {
    const { coordinator, clock } = this.parts;
    const over = new AbortController();
    const answer = coordinator.transact(releaseOf(moves, records, counter, target)).then(
      (revision) => revision !== undefined,
      (error: unknown) => (isRefusal(error) ? false : ("unknown" as const)),
    );
    const late = sleep(clock, answerMsMax, over.signal).then(() => "unknown" as const);
    const outcome = await Promise.race([answer, late]);
    over.abort();
    return outcome;
  }

  /**
   * Finds out what became of a release without an answer. Until that is known its slots stay frozen, whatever
   * that costs their callers: if the release has committed, or does so yet, the next owner takes the log for
   * clean and does not write its end again; one more write here, acknowledged before or after the next owner
   * looked, would be lost or get the same place as another's. And a read answered here may be older than what
   * the next owner has answered already.
   *
   * A record that is as it was says nothing: the release may commit later still. So the counter that it
   * compares is moved first: either that shows, or something else moved it before. In both cases nothing more
   * can come of the release, and what is there now is what came of it: the records that have changed.
   * Undefined if this life ends before that is known; then nothing of it is served any more.
   */
  async #settle(moves: readonly OwnMove[], before: Counter): Promise<OwnerRecord[] | undefined> {
    const { coordinator, clock, log } = this.parts;
    const { signal } = this.#abort;
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        const counter = await this.#counter();
        if (counter?.revision === before?.revision)
          await coordinator.transact(spoilerOf(counter, clock.now()));
        return await this.#changedRecords(moves);
      } catch (error) {
        log.warn(
          { err: error, slots: moves.length },
          "it is not known whether slots were released; they wait",
        );
        await sleep(clock, this.#waitMs(failures), signal);
      }
    }
    return undefined;
  }

  /** The records of those slots that are not as they were when their release was tried. */
  async #changedRecords(moves: readonly OwnMove[]): Promise<OwnerRecord[]> {
    const found = await Promise.all(
      moves.map(async ({ move, recordRevision }) => {
        const key = slotKey(move.slot);
        const entry = (await this.parts.coordinator.read(key)).find((one) => one.key === key);
        return entry && entry.revision !== recordRevision ? parseOwner(entry) : undefined;
      }),
    );
    return found.filter((record) => record !== undefined);
  }

  #rest(slots: readonly number[]): void {
    const { clock } = this.parts;
    const failures = Math.max(...slots.map((slot) => (this.#failures.get(slot) ?? 0) + 1));
    for (const slot of slots) {
      this.#failures.set(slot, failures);
      this.#resting.add(slot);
    }
    void sleep(clock, this.#waitMs(failures), this.#abort.signal).then(() => {
      for (const slot of slots) this.#resting.delete(slot);
      this.#go();
    });
  }

  #waitMs(failures: number): number {
    const wait = Math.min(againMs.max, againMs.min * 2 ** Math.min(failures - 1, 10));
    return wait * (0.5 + this.parts.random() / 2);
  }
}

/** Whether it is certain that nothing was committed. */
function isRefusal(error: unknown): boolean {
  return error instanceof ConfabError && error.code === "invalid_argument";
}
