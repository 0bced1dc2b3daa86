import type { Coordinator, Entry, Watch } from "../coordination/coordinator.js";
import { memberPrefix } from "./keys.js";
import { parseMember } from "./records.js";

/** Which incarnations are members now, as far as the coordinator has told. */
export class MembersView {
  /** Incarnations by the members' keys. */
  readonly #incarnations = new Map<string, string>();
  readonly #watch: Watch;

  constructor(coordinator: Pick<Coordinator, "watch">) {
    this.#watch = coordinator.watch(memberPrefix, {
      snapshot: (entries) => {
        this.#incarnations.clear();
        this.#put(entries);
      },
      changed: (puts, removed) => {
        for (const key of removed) this.#incarnations.delete(key);
        this.#put(puts);
      },
    });
  }

  /** Whether it is a member's; nobody's incarnation is none's. */
  has(incarnation: string | undefined): boolean {
    return incarnation !== undefined && [...this.#incarnations.values()].includes(incarnation);
  }

  close(): void {
    this.#watch.cancel();
  }

  #put(entries: readonly Entry[]): void {
    for (const entry of entries) {
      const member = parseMember(entry);
      if (member) this.#incarnations.set(entry.key, member.incarnation);
      else this.#incarnations.delete(entry.key);
    }
  }
}
