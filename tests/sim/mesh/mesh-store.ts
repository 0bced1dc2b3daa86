import type { Append } from "../../../lib/store/log-store.js";
import { MemoryStore } from "../../../lib/store/memory/memory-store.js";
import type { Store } from "../../../lib/store/store.js";
import type { SimNode } from "../node.js";
import { Cluster } from "../replicated/cluster.js";
import { auditorOf, ReplicatedStore } from "../replicated/replicated-store.js";
import type { SimClock } from "../sim-clock.js";
import { SimStore } from "../sim-store.js";
import { calmStore } from "../store-wire.js";
import type { World } from "../world.js";
import type { WriteLedger } from "../write-ledger.js";

/** Where the processes of a mesh keep everything. */
export interface MeshStore {
  /** Reads at once, and without faults, what any reader is left with. */
  readonly auditor: Store;
  /** The store as a process has it. */
  open(node: SimNode, clock: SimClock, ledger?: WriteLedger): Store;
  /** Nothing goes wrong any more; what is late is still to come. */
  setRight(): void;
  /** All that is late comes within so many milliseconds. */
  comeLate(withinMs: number): void;
}

/** One copy in one place, whose writes a fence stops, as those of a process that is everything. */
export class SingleCopy implements MeshStore {
  readonly faults = { ...calmStore };
  readonly auditor = new MemoryStore();

  constructor(private readonly appended: (append: Append) => void) {}

  open(node: SimNode, _clock: SimClock, ledger?: WriteLedger): Store {
    const { faults, auditor: shared, appended } = this;
    return new SimStore(node, { shared, faults, appended, ...(ledger && { ledger }) });
  }

  setRight(): void {
    Object.assign(this.faults, calmStore);
  }

  comeLate(): void {}
}

/** Three copies, of which some may lack what others have. */
export class ThreeCopies implements MeshStore {
  readonly cluster: Cluster;
  readonly auditor: Store;

  constructor(world: World, appended: (append: Append) => void) {
    this.cluster = new Cluster(world, appended);
    this.auditor = auditorOf(this.cluster);
  }

  open(node: SimNode, clock: SimClock, ledger?: WriteLedger): Store {
    return new ReplicatedStore(node, clock, this.cluster, ledger);
  }

  setRight(): void {
    this.cluster.setRight();
  }

  comeLate(withinMs: number): void {
    this.cluster.handAllOver(withinMs);
  }
}
