import type { Append } from "../../../lib/store/log-store.js";
import type { CoverageName } from "../coverage.js";
import type { Random } from "../random.js";
import type { World } from "../world.js";
import type { Mutation } from "./mutation.js";
import { Replica } from "./replica.js";

const replicaCount = 3;
/** So many replicas are asked to read, and must have applied a write before it is acknowledged. */
export const quorum = 2;

/** Probabilities of what the cluster does to each request; those of writes are for each replica. */
export interface ClusterFaults {
  /** A read is not answered. */
  readFails: number;
  /** A read repairs some rows of those that differ, and then fails. */
  repairBreaks: number;
  /** Too few replicas are known to live: a write is refused and leaves nothing. */
  refused: number;
  /** A replica does not get a write, now and then not even as a hint. */
  missed: number;
  /** It applies a write much later. */
  late: number;
  /** It applies a write, and its answer is lost. */
  responseLost: number;
  /** It applies a write again, much later. */
  repeated: number;
}

/** A cluster in which nothing goes wrong. */
export const calmCluster: ClusterFaults = {
  ...{ readFails: 0, repairBreaks: 0, refused: 0, missed: 0, late: 0, responseLost: 0, repeated: 0 },
};

/** After how long a hint is handed over, in ms, unless it is held back until somebody asks for all. */
const hintMs = { low: 50, high: 30_000 };
const heldChance = 0.4;

/** A write, and which replicas have it: a bit for each. */
export interface Write {
  readonly mutation: Mutation;
  appliedAt: number;
}

/** A write that a replica is still to get. */
interface Hint {
  readonly write: Write;
  readonly replica: number;
}

/** Three replicas of all data, what is on its way to them, and which of them can be reached from where. */
export class Cluster {
  readonly replicas: readonly Replica[] = Array.from({ length: replicaCount }, () => new Replica());
  /** May be changed at any time. */
  readonly faults: ClusterFaults = { ...calmCluster };
  readonly down = new Set<number>();
  readonly slow = new Set<number>();
  private readonly cuts = new Set<string>();
  private readonly hints = new Set<Hint>();
  private readonly random: Random;
  private ballot = 0;

  /** @param appended told of every append at the moment when a quorum has it */
  constructor(
    readonly world: World,
    private readonly appended: (append: Append) => void,
  ) {
    this.random = world.random("cluster");
  }

  /** All replicas are well, and nothing goes wrong. */
  get isCalm(): boolean {
    const { faults, down, slow, cuts } = this;
    if (down.size + slow.size + cuts.size > 0) return false;
    return Object.values(faults).every((probability) => probability === 0);
  }

  /** Whether a request from a host gets to a replica. */
  reaches(host: string, replica: number): boolean {
    return !this.down.has(replica) && !this.cuts.has(`${host} ${replica}`);
  }

  /** Cuts a replica off from one host; returns what ends that. */
  cut(host: string, replica: number): () => void {
    this.cuts.add(`${host} ${replica}`);
    return () => this.cuts.delete(`${host} ${replica}`);
  }

  apply(write: Write, replica: number): void {
    const before = write.appliedAt;
    this.replicas[replica]!.apply(write.mutation);
    write.appliedAt |= 1 << replica;
    const { append } = write.mutation;
    if (append && countOf(before) < quorum && countOf(write.appliedAt) >= quorum) this.appended(append);
  }

  /** Applies a write after so many milliseconds, whoever may have died until then. */
  applyLater(ms: number, write: Write, replica: number, what: CoverageName): void {
    this.world.scheduler.schedule(ms, "replica: late write", () => {
      if (this.down.has(replica)) return this.hint(write, replica);
      this.world.coverage.hit(what);
      this.apply(write, replica);
    });
  }

  /** Keeps a write for a replica that did not get it. */
  hint(write: Write, replica: number): void {
    const hint = { write, replica };
    this.world.coverage.hit("replica.hinted");
    this.hints.add(hint);
    if (!this.random.chance(heldChance)) this.handOver(hint, this.random.between(hintMs.low, hintMs.high));
  }

  /**
   * Hands hints over, each at some moment of the next so many milliseconds.
   *
   * @param part of the hints, picked by chance; 1: all
   */
  handAllOver(withinMs: number, part = 1): void {
    for (const hint of this.hints) {
      if (part < 1 && !this.random.chance(part)) continue;
      this.world.coverage.hit("replica.hint_held_long");
      this.handOver(hint, this.random.fraction() * withinMs);
    }
  }

  /** All replicas are there again, and nothing goes wrong; hints are kept. */
  setRight(): void {
    Object.assign(this.faults, calmCluster);
    this.down.clear();
    this.slow.clear();
    this.cuts.clear();
  }

  /** The next timestamp of a conditional write, which rises whatever clocks say. */
  nextBallot(): number {
    this.ballot = Math.max(Math.floor(this.world.clock.now() * 1000), this.ballot + 1);
    return this.ballot;
  }

  private handOver(hint: Hint, ms: number): void {
    this.world.scheduler.schedule(ms, "replica: hint", () => {
      if (!this.hints.has(hint)) return;
      if (this.down.has(hint.replica))
        return this.handOver(hint, this.random.between(hintMs.low, hintMs.high));
      this.hints.delete(hint);
      this.world.coverage.hit("replica.hint_landed");
      this.apply(hint.write, hint.replica);
    });
  }
}

function countOf(bits: number): number {
  return (bits & 1) + ((bits >> 1) & 1) + ((bits >> 2) & 1);
}
