import type { OwnerRecord } from "../../../gen/confab/mesh/v1/ring.js";
import type { ChannelId, Epoch } from "../../../lib/ids/ids.js";
import { slotOf } from "../../../lib/ring/slot.js";
import type { Term } from "./channel.js";

/** The slots of the mesh as far as this server knows, and which of them are its own. */
export class Slots {
  readonly #own = new Map<number, Term>();
  readonly #epochs = new Map<number, Epoch>();
  /** By slot, the epoch that ended this server's last term there. */
  readonly #endedBy = new Map<number, Epoch>();

  /** @param incarnation this life of the server: only records that name it are its own */
  constructor(private readonly incarnation: string) {}

  /** This server's term for a channel, or undefined if it does not own the channel's slot. */
  termOf(channel: ChannelId): Term | undefined {
    return this.#own.get(slotOf(channel));
  }

  /** Newest epoch known of a channel's slot. */
  epochOf(channel: ChannelId): Epoch {
    return this.#epochs.get(slotOf(channel)) ?? 0;
  }

  owns(slot: number): boolean {
    return this.#own.has(slot);
  }

  /**
   * Takes in a slot's record; true if the term of this server for it began, changed or ended. A server that
   * released a slot knows so before its watch does: what the watch still tells of its former term is old
   * news, and to believe it would make two owners.
   */
  update(slot: number, record: OwnerRecord | undefined): boolean {
    const before = this.#own.get(slot);
    if (record?.incarnation === this.incarnation && record.epoch < (this.#endedBy.get(slot) ?? 0))
      return false;
    if (before && record && record.incarnation !== this.incarnation && record.epoch > before.epoch)
      this.#endedBy.set(slot, record.epoch);
    if (record) this.#epochs.set(slot, record.epoch);
    if (record?.incarnation !== this.incarnation) return this.#own.delete(slot);
    this.#own.set(slot, { epoch: record.epoch, cleanFrom: record.cleanFrom });
    return before?.epoch !== record.epoch;
  }

  get ownCount(): number {
    return this.#own.size;
  }
}
