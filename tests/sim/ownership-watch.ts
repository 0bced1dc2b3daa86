import type { OwnerRecord } from "../../gen/confab/mesh/v1/ring.js";
import type { Entry } from "../../lib/coordination/coordinator.js";
import { slotPrefix } from "../../lib/ring/keys.js";
import { parseOwner } from "../../lib/ring/records.js";
import { slotOf } from "../../lib/ring/slot.js";
import type { Coverage } from "./coverage.js";
import type { SimEtcd } from "./sim-etcd.js";
import type { WriteLedger } from "./write-ledger.js";

/**
 * Sees to it that ownership goes by its rules, whether breaking one did any harm in this run or not: no epoch
 * is used twice, none is below the one before, and an owner that releases a slot has no write in flight
 * there and sends none until it owns the slot again.
 */
export class OwnershipWatch {
  private readonly records = new Map<number, OwnerRecord>();
  private readonly epochs = new Set<number>();
  /** By slot, who released it and has not owned it since. */
  private readonly released = new Map<number, Set<string>>();

  constructor(
    private readonly etcd: SimEtcd,
    private readonly ledger: WriteLedger,
    private readonly coverage: Coverage,
    private readonly complain: (what: string) => void,
  ) {
    ledger.sent = (incarnation, channel) => {
      if (this.released.get(slotOf(channel))?.has(incarnation))
        this.complain(`${incarnation} writes to ${channel}, whose slot it released`);
    };
    etcd.join({ dataReplaced: () => this.begin() });
    this.begin();
  }

  /** Data that were lost or restored say nothing of what was before. */
  private begin(): void {
    this.records.clear();
    this.released.clear();
    const { data } = this.etcd;
    const snapshot = (entries: readonly Entry[]) => {
      for (const record of entries.map(parseOwner)) if (record) this.records.set(record.slot, record);
    };
    const changed = (entries: readonly Entry[]) => {
      if (data === this.etcd.data) for (const entry of entries) this.look(parseOwner(entry));
    };
    data.watch(slotPrefix, { snapshot, changed });
  }

  private look(record: OwnerRecord | undefined): void {
    if (!record) return;
    const { slot, epoch, cleanFrom } = record;
    const before = this.records.get(slot);
    this.records.set(slot, record);
    if (before && epoch <= before.epoch)
      this.complain(`slot ${slot} went from epoch ${before.epoch} to ${epoch}`);
    if (this.epochs.has(epoch)) this.complain(`epoch ${epoch} of slot ${slot} was used before`);
    this.epochs.add(epoch);
    const released = this.released.get(slot) ?? new Set();
    this.released.set(slot, released);
    released.delete(record.incarnation);
    if (!before || before.incarnation === record.incarnation) return;
    const writes = this.ledger.inFlight(before.incarnation).filter((channel) => slotOf(channel) === slot);
    if (cleanFrom === epoch) {
      if (writes.length > 0) this.coverage.hit("takeover.append_in_flight");
      return;
    }
    released.add(before.incarnation);
    if (writes.length > 0) this.complain(`slot ${slot} was released with a write in flight to ${writes[0]}`);
  }
}
