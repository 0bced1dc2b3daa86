import type { OwnerRecord } from "../../../gen/confab/mesh/v1/ring.js";
import type { Store } from "../../../lib/store/store.js";
import { Life } from "../../../services/channel/life.js";
import type { SimNode } from "../node.js";
import { SimClock } from "../sim-clock.js";
import type { World } from "../world.js";
import type { DuelOwners } from "./duel-owners.js";

/** What a server needs of the others. */
export interface DuelParts {
  readonly world: World;
  /** The slots of the channels there are. */
  readonly slots: readonly number[];
  open(node: SimNode, clock: SimClock): Store;
  /** A server has begun a life, or has nothing but a dead one. */
  readonly changed: () => void;
  /** A server found rows of a higher epoch than its own. */
  readonly outranked: (epoch: number) => void;
}

/** How long a server takes to begin another life, in ms. */
const rejoinMs = { low: 5, high: 400 };

/** A channel server without a ring: it is told who owns the slots. */
export class DuelServer {
  node!: SimNode;
  clock!: SimClock;
  life: Life | undefined;
  incarnation = "";
  /** How far its clock is off, in ms. */
  clockOffsetMs = 0;
  /** The record that it knows. */
  known: OwnerRecord | undefined;
  private lives = 0;

  /** @param owners how it tells users of their memberships */
  constructor(
    readonly name: string,
    private readonly parts: DuelParts,
    private readonly owners: () => DuelOwners,
  ) {
    this.start();
  }

  /** Ends the process in the middle of whatever it does; another one starts so many milliseconds later. */
  crash(downMs: number): void {
    this.node.crash();
    this.life = undefined;
    this.parts.changed();
    this.parts.world.scheduler.schedule(downMs, `start ${this.name}`, () => !this.node.alive && this.start());
  }

  setClock(offsetMs: number): void {
    this.clockOffsetMs = offsetMs;
    this.clock.offsetMs = offsetMs;
  }

  /** Learns of a record after a while, unless it knows a newer one by then. */
  learn(record: OwnerRecord, afterMs: number): void {
    this.node.schedule(afterMs, "learns who owns", () => {
      if (this.known && this.known.epoch >= record.epoch) return;
      this.known = record;
      this.tellLife();
    });
  }

  private start(): void {
    const { world, open } = this.parts;
    this.node = world.start(this.name);
    this.clock = new SimClock(this.node);
    this.clock.offsetMs = this.clockOffsetMs;
    this.beginLife(open(this.node, this.clock));
  }

  private beginLife(store: Store): void {
    const { clock, node, parts } = this;
    this.incarnation = `${this.name}/${++this.lives}`;
    const note = (details: object, message: string) => {
      const why = "err" in details && details.err instanceof Error ? `: ${details.err.message}` : "";
      parts.world.trace.note(parts.world.scheduler.now, `${this.name} logs: ${message}${why}`);
    };
    const log = { debug: () => {}, info: note, warn: note, error: note };
    const life: Life = new Life({
      ...{ incarnation: this.incarnation, clock, store, log },
      owners: { command: (...call) => this.owners().command(...call) },
      ended: (outrankedBy) => {
        if (this.life !== life) return;
        this.life = undefined;
        if (outrankedBy !== undefined) parts.outranked(outrankedBy);
        parts.changed();
        node.schedule(node.random.between(rejoinMs.low, rejoinMs.high), "joins again", () =>
          this.beginLife(store),
        );
      },
    });
    this.life = life;
    this.tellLife();
    parts.changed();
  }

  private tellLife(): void {
    const { known, life } = this;
    if (!known || !life) return;
    life.slotsChanged(new Map(this.parts.slots.map((slot) => [slot, { ...known, slot }])));
  }
}
