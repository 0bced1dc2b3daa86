import type { OwnerRecord } from "../../../gen/confab/mesh/v1/ring.js";
import { sleep } from "../../../lib/clock/clock.js";
import type { Store } from "../../../lib/store/store.js";
import type { Random } from "../random.js";
import type { World } from "../world.js";
import type { DuelServer } from "./duel-server.js";

/** How long a server or caller may take to learn of a new owner, in ms: mostly shortly, now and then long. */
const learnMs = { low: 0.1, high: 20, longHigh: 4000, longChance: 0.3 };
const retryMs = 20;

/** Gives the channels to one server after another: it fences the owner before, then tells everybody. */
export class Succession {
  /** The newest record. */
  record: OwnerRecord | undefined;
  private epoch = 1000;
  private isBusy = false;
  private readonly random: Random;
  private readonly listeners: ((record: OwnerRecord, afterMs: number) => void)[] = [];

  constructor(
    private readonly world: World,
    /** The store, as what manages the ring has it. */
    private readonly store: Store,
  ) {
    this.random = world.random("succession");
  }

  /** Calls with each new record, and after how many ms the listener may know it. */
  onChange(listener: (record: OwnerRecord, afterMs: number) => void): void {
    this.listeners.push(listener);
  }

  outranked(epoch: number): void {
    this.epoch = Math.max(this.epoch, epoch);
  }

  /** Whether the owner is a life that goes on. */
  isOwned(servers: readonly DuelServer[]): boolean {
    return servers.some(({ life, incarnation }) => life && incarnation === this.record?.incarnation);
  }

  /** Fences the present owner and gives the channels to a server: perhaps the same one, in another life. */
  async giveTo(heir: DuelServer): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    if (this.record) await this.fence(this.record.incarnation);
    this.isBusy = false;
    if (!heir.life) return;
    const { incarnation, name: memberId } = heir;
    if (incarnation === this.record?.incarnation) return;
    const epoch = ++this.epoch;
    const record = { slot: 0, memberId, incarnation, address: memberId, epoch, cleanFrom: epoch };
    this.record = record;
    for (const listener of this.listeners) listener(record, this.delay());
  }

  private async fence(incarnation: string): Promise<void> {
    for (;;) {
      try {
        return await this.store.fence(incarnation);
      } catch {
        await sleep(this.world.clock, retryMs);
      }
    }
  }

  private delay(): number {
    const { random } = this;
    const high = random.chance(learnMs.longChance) ? learnMs.longHigh : learnMs.high;
    return random.between(learnMs.low, high);
  }
}
