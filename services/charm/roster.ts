import type { Coordinator } from "../../lib/coordination/coordinator.js";
import type { Log } from "../../lib/log/log.js";
import { readGeneration } from "../../lib/ring/generation.js";
import type { RosterStore } from "../../lib/store/roster-store.js";

/** What the roster is looked through with. */
interface RosterParts {
  readonly coordinator: Coordinator;
  readonly store: RosterStore;
  readonly random: () => number;
  readonly log: Log;
}

/**
 * Finds the lives that may own slots by records that the coordinator has lost. Where it has no record of a
 * slot, nobody owned it ever, unless its data were wiped: then lives of the former data may go on owning it
 * for as long as they do not hear of that. Their rows on the store's roster name another generation.
 */
export class Roster {
  #generation = "";
  #strangers: readonly string[] = [];

  constructor(private readonly parts: RosterParts) {}

  /**
   * Incarnations that must be fenced before slots without a record are given to anybody. The coordinator's
   * generation is looked at every time, the roster only once for each generation: whoever enlists later with
   * a former generation has never been given a slot of it.
   */
  async strangers(): Promise<readonly string[]> {
    const { coordinator, random, store, log } = this.parts;
    const generation = await readGeneration(coordinator, random);
    if (generation === this.#generation) return this.#strangers;
    const roster = await store.readRoster();
    const strangers = roster.filter((one) => one.generation !== generation);
    this.#strangers = strangers.map(({ incarnation }) => incarnation);
    this.#generation = generation;
    const lost = { generation, lives: this.#strangers };
    if (strangers.length > 0) log.warn(lost, "the coordinator's data are new; earlier lives are fenced");
    return this.#strangers;
  }

  /** Looks through the roster again, for another leader may have begun to give slots. */
  begin(): void {
    this.#generation = "";
  }

  /** A life was fenced and can be forgotten. If it stays on the roster, it may be fenced once more. */
  async fenced(incarnation: string): Promise<void> {
    const { store, log } = this.parts;
    await store
      .delist(incarnation)
      .catch((error: unknown) => log.debug({ err: error, incarnation }, "stays on the roster"));
  }
}
