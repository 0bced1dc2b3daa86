import type { Member } from "../../gen/confab/mesh/v1/ring.js";
import type { Coordinator, Entry, Watch } from "../coordination/coordinator.js";
import { memberPrefix } from "./keys.js";
import { parseMember } from "./records.js";

/** Which incarnations are members now, as far as the coordinator has told. */
export class MembersView {
  /** By their keys. */
  readonly #members = new Map<string, Member>();
  readonly #watch: Watch;

  /** @param changed called after every news */
  constructor(
    coordinator: Pick<Coordinator, "watch">,
    private readonly changed: () => void = () => {},
  ) {
    this.#watch = coordinator.watch(memberPrefix, {
      snapshot: (entries) => {
        this.#members.clear();
        this.#put(entries);
      },
      changed: (puts, removed) => {
        for (const key of removed) this.#members.delete(key);
        this.#put(puts);
      },
    });
  }

  /** Whether it is a member's; nobody's incarnation is none's. */
  has(incarnation: string | undefined): boolean {
    return this.all().some((member) => member.incarnation === incarnation);
  }

  all(): Member[] {
    return [...this.#members.values()];
  }

  close(): void {
    this.#watch.cancel();
  }

  #put(entries: readonly Entry[]): void {
    for (const entry of entries) {
      const member = parseMember(entry);
      if (member) this.#members.set(entry.key, member);
      else this.#members.delete(entry.key);
    }
    this.changed();
  }
}
