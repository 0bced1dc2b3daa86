import type { OwnerRecord } from "../../gen/confab/mesh/v1/ring.js";
import { ManualClock } from "../../lib/clock/manual-clock.js";
import type { Coordinator, Transaction } from "../../lib/coordination/coordinator.js";
import { MemoryCoordinator } from "../../lib/coordination/memory-coordinator.js";
import { MemoryLinks } from "../../lib/links/memory-links.js";
import { slotPrefix } from "../../lib/ring/keys.js";
import { memberEntry, parseOwner } from "../../lib/ring/records.js";
import { Charm } from "./server.js";
import { StageMember } from "./stage-member.js";

/** Something that happened, in the order in which it did. */
export type Happening =
  | { readonly kind: "fence begun" | "fenced"; readonly incarnation: string }
  | { readonly kind: "refused"; readonly transaction: Transaction }
  | { readonly kind: "written"; readonly from: OwnerRecord | undefined; readonly to: OwnerRecord };

/** A mesh for tests of charm: everything in memory, and all that happens taken down. */
export class CharmStage {
  readonly clock = new ManualClock();
  readonly coordinator = new MemoryCoordinator(this.clock);
  readonly links = new MemoryLinks(this.clock);
  /** What members are like that give signs of life. */
  readonly members = new Map<string, StageMember>();
  readonly happened: Happening[] = [];
  /**
   * Happens once, in the midst of what a charm does: after its next read, or before it next writes owners.
   */
  interpose: { afterRead?: () => Promise<void>; beforeTransaction?: () => Promise<void> } = {};
  watches = 0;
  /** Details of what was logged as an error. */
  readonly errors: object[] = [];
  /** Generations of the lives on the store's roster. */
  readonly roster = new Map<string, string>();
  readonly #charms: Charm[] = [];
  /** What a fence waits for, by incarnation. */
  readonly fences = new Map<string, () => Promise<void>>();
  readonly #known = new Map<string, OwnerRecord>();

  async startCharm(id = `charm-${this.#charms.length + 1}`): Promise<Charm> {
    const { clock } = this;
    const error = (details: object) => void this.errors.push(details);
    const log = { debug() {}, info() {}, warn() {}, error };
    const store = {
      fence: (incarnation: string) => this.#fence(incarnation),
      enlist: async () => {},
      delist: async (incarnation: string) => void this.roster.delete(incarnation),
      readRoster: async () =>
        [...this.roster].map(([incarnation, generation]) => ({ incarnation, generation })),
    };
    const parts = { clock, random: Math.random, log, store, links: this.links };
    const charm = new Charm({ ...parts, id, coordinator: this.#overheard() });
    this.#charms.push(charm);
    await charm.start();
    return charm;
  }

  /** Makes a member be there, in place of an earlier life of it; it lives until `die`. */
  async join(memberId: string, incarnation: string): Promise<StageMember> {
    await this.members.get(memberId)?.die();
    const address = `${memberId}:1`;
    const living = await StageMember.begin(this.links, this.clock, address, incarnation);
    this.members.set(memberId, living);
    const member = { memberId, incarnation, address, weight: 1 };
    await this.coordinator.transact({ put: [memberEntry(member)] });
    return living;
  }

  async leave(memberId: string): Promise<void> {
    await this.coordinator.transact({ remove: [`members/${memberId}`] });
  }

  async records(): Promise<OwnerRecord[]> {
    const entries = await this.coordinator.read(slotPrefix);
    return entries.map((entry) => parseOwner(entry)!);
  }

  /** How many slots each incarnation owns. */
  async counts(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { incarnation } of await this.records()) counts[incarnation] = (counts[incarnation] ?? 0) + 1;
    return counts;
  }

  written() {
    return this.happened.filter((one) => one.kind === "written");
  }

  async close(): Promise<void> {
    for (const charm of this.#charms) await charm.close();
    await this.coordinator.close();
  }

  async #fence(incarnation: string): Promise<void> {
    this.happened.push({ kind: "fence begun", incarnation });
    await this.fences.get(incarnation)?.();
    this.happened.push({ kind: "fenced", incarnation });
  }

  /** The coordinator, with what is written to slots taken down as it is written. */
  #overheard(): Coordinator {
    const { coordinator } = this;
    return {
      read: async (prefix) => {
        const entries = await coordinator.read(prefix);
        await this.#interposed("afterRead");
        return entries;
      },
      watch: (prefix, watcher) => {
        const watch = coordinator.watch(prefix, watcher);
        this.watches++;
        return {
          cancel: () => {
            watch.cancel();
            this.watches--;
          },
        };
      },
      grantLease: (ttlMs) => coordinator.grantLease(ttlMs),
      close: () => coordinator.close(),
      transact: async (transaction) => {
        if (transaction.put?.some((entry) => parseOwner(entry))) await this.#interposed("beforeTransaction");
        const revision = await coordinator.transact(transaction);
        if (revision === undefined) this.happened.push({ kind: "refused", transaction });
        else for (const entry of transaction.put ?? []) this.#note(entry);
        return revision;
      },
    };
  }

  async #interposed(when: keyof typeof this.interpose): Promise<void> {
    const act = this.interpose[when];
    delete this.interpose[when];
    await act?.();
  }

  #note(entry: { key: string; value: string }): void {
    const to = parseOwner(entry);
    if (!to) return;
    this.happened.push({ kind: "written", from: this.#known.get(entry.key), to });
    this.#known.set(entry.key, to);
  }
}
