import type { Member } from "../../gen/confab/mesh/v1/ring.js";
import type { Clock } from "../../lib/clock/clock.js";
import type { Condition, Coordinator, Transaction, Watch } from "../../lib/coordination/coordinator.js";
import { Election } from "../../lib/coordination/election.js";
import { ConfabError } from "../../lib/errors/errors.js";
import type { Links } from "../../lib/links/links.js";
import type { Log } from "../../lib/log/log.js";
import {
  charmLeaderKey,
  drainPrefix,
  epochKey,
  fencePrefix,
  memberPrefix,
  pinPrefix,
  slotKey,
  slotPrefix,
} from "../../lib/ring/keys.js";
import { readMesh } from "../../lib/ring/read-mesh.js";
import { ownerEntry } from "../../lib/ring/records.js";
import type { LogStore } from "../../lib/store/log-store.js";
import type { RosterStore } from "../../lib/store/roster-store.js";
import { type MeshState, type OwnerWrite, plan } from "./core/planner.js";
import { StickyAssignment } from "./core/sticky-assignment.js";
import { endedRequests } from "./fence-requests.js";
import { Fencing } from "./fencing.js";
import { Heartbeats } from "./heartbeats.js";
import type { CharmMeter } from "./meter.js";
import { moveWrites } from "./move-writes.js";
import { Roster } from "./roster.js";
import { Rounds } from "./rounds.js";

/** What the ring manager is made of. */
export interface CharmParts {
  /** Name of the ring manager among several; stays the same over restarts. */
  readonly id: string;
  readonly clock: Clock;
  /** A number from 0 to below 1. */
  readonly random: () => number;
  readonly coordinator: Coordinator;
  readonly links: Links;
  readonly store: Pick<LogStore, "fence"> & RosterStore;
  readonly log: Log;
  readonly meter?: CharmMeter;
}

/** Below which all is that a plan is made from but the moves, which only follow from it. */
const watchedPrefixes = [memberPrefix, slotPrefix, pinPrefix, drainPrefix, fencePrefix];

/** Somebody else changed what a transaction was to replace. */
class Conflict extends Error {}

/**
 * The ring manager: sees to it that every slot has a live owner, and that a dead one is fenced before its
 * slots go to others. Of any number of them one leads, and only that one acts. Every write compares the key
 * by which it leads, and what it replaces besides: so one that leads no more, but has not heard of it, comes
 * too late.
 */
export class Charm {
  readonly #parts: CharmParts;
  readonly #fencing: Fencing;
  readonly #heartbeats: Heartbeats;
  readonly #roster: Roster;
  readonly #rounds: Rounds;
  readonly #assignment = new StickyAssignment();
  readonly #election: Election;
  #watches: Watch[] = [];
  /** Prefixes of which it has heard what is there. */
  readonly #seen = new Set<string>();
  /** Slots with records that make no sense, as last logged. */
  #unreadable = "";
  #started = false;
  #closed = false;

  constructor(parts: CharmParts) {
    const { clock, log } = parts;
    this.#parts = parts;
    const fenced = (incarnation: string) => {
      parts.meter?.fenced(incarnation);
      void this.#roster.fenced(incarnation);
      this.#rounds.request();
    };
    this.#fencing = new Fencing({ ...parts, fenced });
    this.#roster = new Roster(parts);
    this.#heartbeats = new Heartbeats({
      ...parts,
      changed: () => this.#rounds.request(),
      isolated: () => this.#election.resign("more than half of the members give no sign of life"),
    });
    this.#rounds = new Rounds({
      clock,
      run: () => this.#round(),
      failed: (error, retryMs) => {
        if (error instanceof Conflict) log.debug({ retryMs }, error.message);
        else log.warn({ retryMs, err: error }, "could not bring the ring up to date");
      },
    });
    this.#election = new Election({
      ...parts,
      key: charmLeaderKey,
      changed: () => this.#leadershipChanged(),
    });
  }

  /** Whether it is the one that acts, as far as it knows. */
  get leads(): boolean {
    return this.#election.condition !== undefined;
  }

  /** Whether it knows members and owners, and hears of their changes. */
  get isWatching(): boolean {
    return this.#seen.size === watchedPrefixes.length;
  }

  /** Begins to watch and stands for election; what is to be done is done in the background until `close`. */
  async start(): Promise<void> {
    if (this.#closed) throw new ConfabError("unavailable", "", "charm was closed");
    if (this.#started) return;
    this.#started = true;
    const changed = () => this.#rounds.request();
    for (const prefix of watchedPrefixes) {
      const snapshot = () => {
        this.#seen.add(prefix);
        changed();
      };
      this.#watches.push(this.#parts.coordinator.watch(prefix, { snapshot, changed }));
    }
    this.#election.start();
  }

  /** Ends the watches, waits for the coordinator's answer to what is under way, and lets another lead. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const watch of this.#watches) watch.cancel();
    this.#heartbeats.end();
    this.#fencing.close();
    await this.#rounds.close();
    await this.#election.close();
  }

  #leadershipChanged(): void {
    if (!this.leads || this.#closed) {
      this.#heartbeats.end();
      return this.#parts.meter?.deposed();
    }
    this.#heartbeats.begin();
    this.#roster.begin();
    this.#parts.meter?.elected();
    this.#rounds.request();
  }

  async #round(): Promise<void> {
    const leadership = this.#election.condition;
    if (!leadership) return;
    const { state, epochRevision } = await this.#read();
    const { fences, batches, moves, unreadable } = plan(state, (...question) =>
      this.#assignment.assign(...question),
    );
    this.#complain(unreadable);
    for (const incarnation of fences) this.#fencing.ask(incarnation);
    let counter = epochRevision;
    for (const batch of batches) {
      if (this.#closed) return;
      counter = await this.#write(batch, counter, leadership);
    }
    const written = batches.reduce((sum, batch) => sum + batch.length, 0);
    this.#parts.meter?.gave(written);
    if (written > 0) this.#parts.log.info({ slots: written }, "gave slots to their owners");
    const ended = await endedRequests(this.#parts.coordinator, state.fencesAsked, state.fenced);
    for (const transaction of [...ended, ...moveWrites(moves)]) await this.#commit(transaction, leadership);
    const wishes = { moves: moves.underWay, pins: state.pins.size, drains: state.drains.size };
    const { dead, unfit } = this.#heartbeats;
    const seen = { ...wishes, members: state.members.length, silent: dead.size, unfit: unfit.size };
    this.#parts.meter?.looked(seen);
  }

  /** Says, once for each change, which slots nobody gets until an operator has looked at their records. */
  #complain(unreadable: readonly number[]): void {
    const slots = unreadable.join();
    if (slots === this.#unreadable) return;
    this.#unreadable = slots;
    const keys = unreadable.slice(0, 10).map(slotKey);
    const details = { slots: unreadable.length, keys };
    if (slots !== "") this.#parts.log.error(details, "owner records make no sense; nobody gets their slots");
    else this.#parts.log.info({}, "all owner records make sense again");
  }

  async #read(): Promise<{ state: MeshState; epochRevision: number }> {
    const { coordinator, clock } = this.#parts;
    const strangers = await this.#roster.strangers();
    for (const incarnation of strangers) this.#fencing.ask(incarnation);
    const { epochRevision, ...state } = await readMesh(coordinator);
    const { owners, members, fencesAsked } = state;
    const spokenOf = [...owners.values()].map(({ record }) => record?.incarnation ?? "");
    const living = members.map(({ incarnation }) => incarnation);
    this.#fencing.forgetAllBut(new Set([...strangers, ...spokenOf, ...living, ...fencesAsked]));
    this.#heartbeats.watch(members, this.#fencing.done);
    await this.#heartbeats.acquainted();
    const fenced = this.#fencing.done;
    const recordsAreLost = !strangers.every((incarnation) => fenced.has(incarnation));
    const fit = this.#fit(members);
    return { state: { ...state, members: fit, fenced, recordsAreLost, nowMs: clock.now() }, epochRevision };
  }

  /** Members that may own slots; of weight 0 are those that shall get none. */
  #fit(known: readonly Member[]): Member[] {
    const { dead, unfit } = this.#heartbeats;
    return known
      .filter(({ incarnation }) => !this.#fencing.isDoomed(incarnation) && !dead.has(incarnation))
      .map((member) => (unfit.has(member.incarnation) ? { ...member, weight: 0 } : member));
  }

  /** Commits a batch together with the epochs that it draws; the epoch counter's new revision. */
  async #write(batch: readonly OwnerWrite[], epochRevision: number, leadership: Condition): Promise<number> {
    const last = batch.at(-1)!.record.epoch;
    const when = batch.map(({ record, replaces }) => ({ key: slotKey(record.slot), revision: replaces }));
    const put = [{ key: epochKey, value: String(last) }, ...batch.map(({ record }) => ownerEntry(record))];
    return this.#commit({ when: [{ key: epochKey, revision: epochRevision }, ...when], put }, leadership);
  }

  /** Commits while this charm leads, and nothing else; the revision. */
  async #commit(transaction: Transaction, leadership: Condition): Promise<number> {
    const when = [leadership, ...(transaction.when ?? [])];
    const revision = await this.#parts.coordinator.transact({ ...transaction, when });
    if (revision !== undefined) return revision;
    await this.#election.doubt();
    throw new Conflict("the ring or its manager changed meanwhile; planning anew");
  }
}
