import { NotWritten } from "../../lib/store/log-store.js";
import type { Store } from "../../lib/store/store.js";
import type { SimNode } from "./node.js";
import type { Random } from "./random.js";

/** Probabilities of what a store does to each call. */
export interface StoreFaults {
  /** A read fails. */
  readFails: number;
  /** A write is refused and leaves nothing. */
  notWritten: number;
  /** The outcome of a write stays unknown: it was not applied, it was, or it will be much later. */
  unknownDropped: number;
  unknownApplied: number;
  unknownLate: number;
  /** The same, with a part of the append applied: replicas repair rows, not appends. */
  unknownPartial: number;
  /** A write is applied, acknowledged, and applied again much later, as hints of a replica are. */
  repeated: number;
}

/** A store on which nothing goes wrong. */
export const calmStore: StoreFaults = {
  readFails: 0,
  notWritten: 0,
  unknownDropped: 0,
  unknownApplied: 0,
  unknownLate: 0,
  unknownPartial: 0,
  repeated: 0,
};

/** Does something to the store. */
type Act<Result> = (store: Store) => Promise<Result>;

type Fate = Exclude<keyof StoreFaults, "readFails"> | "written";
const fates = [
  "notWritten",
  "unknownDropped",
  "unknownApplied",
  "unknownLate",
  "unknownPartial",
  "repeated",
] as const;

/** One-way delay in milliseconds: mostly small, now and then large. */
const delayMs = { low: 0.1, high: 2, tail: 60, tailChance: 0.02 };
/** After how long a write is given up whose outcome is unknown. */
const unknownMs = { low: 20, high: 300 };
/** How late a late write is applied. */
const lateMs = { low: 10, high: 20_000 };
/** Probability that a call on the way is lost when the caller dies. */
const lostInCrash = 0.5;

/** The way between one process and the store: everything takes time, and may go wrong. */
export class StoreWire {
  private readonly random: Random;

  constructor(
    private readonly node: SimNode,
    private readonly store: Store,
    private readonly faults: StoreFaults,
  ) {
    this.random = node.world.random(`store of ${node.host} from ${node.world.scheduler.now}`);
  }

  /** Reads at one moment between call and answer. */
  read<Result>(what: string, act: Act<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const fails = this.random.chance(this.faults.readFails);
      this.later(what, this.delay(), () => {
        if (!this.node.alive) return;
        if (!fails) return this.relay(act(this.store), resolve, reject);
        this.hit("store.read_failed");
        this.tell(() => reject(new Error(`${what}: the store did not answer`)));
      });
    });
  }

  /**
   * Writes at one moment between call and answer, or at another one, or not at all. `actPartly` writes a
   * part, where there are parts.
   */
  write<Result>(what: string, act: Act<Result>, actPartly?: Act<void>): Promise<Result> {
    const fate = this.pickFate();
    this.node.writing?.();
    return new Promise((resolve, reject) => {
      this.later(what, this.delay(), () => {
        if (!this.survives()) return;
        if (fate === "written" || fate === "repeated") {
          this.hit(fate === "written" ? "store.written" : "store.repeated");
          if (fate === "repeated") this.applyLate(what, act);
          this.relay(act(this.store), resolve, reject);
        } else if (fate === "notWritten") {
          this.hit("store.not_written");
          this.tell(() => reject(new NotWritten(`${what}: refused by the store`)));
        } else {
          this.leaveUnknown(fate, what, act, actPartly);
          const wait = this.random.between(unknownMs.low, unknownMs.high);
          this.tell(() => reject(new Error(`${what}: outcome unknown`)), wait);
        }
      });
    });
  }

  private leaveUnknown<Result>(
    fate: "unknownDropped" | "unknownApplied" | "unknownLate" | "unknownPartial",
    what: string,
    act: Act<Result>,
    actPartly?: Act<void>,
  ): void {
    switch (fate) {
      case "unknownDropped":
        return this.hit("store.unknown_dropped");
      case "unknownApplied":
        this.hit("store.unknown_applied");
        act(this.store).catch(() => {});
        return;
      case "unknownLate":
        this.hit("store.unknown_late");
        return this.applyLate(what, act);
      case "unknownPartial":
        if (!actPartly) return this.hit("store.unknown_dropped");
        this.hit("store.unknown_partial");
        actPartly(this.store).catch(() => {});
    }
  }

  /** A write of a dead process that has gone out may arrive or not. */
  private survives(): boolean {
    if (this.node.alive) return true;
    const lost = this.random.chance(lostInCrash);
    this.hit(lost ? "store.lost_in_crash" : "store.survived_crash");
    return !lost;
  }

  private pickFate(): Fate {
    let left = this.random.fraction();
    for (const fate of fates) {
      left -= this.faults[fate];
      if (left < 0) return fate;
    }
    return "written";
  }

  private applyLate<Result>(what: string, act: Act<Result>): void {
    this.later(`late ${what}`, this.random.between(lateMs.low, lateMs.high), () => {
      this.hit("store.applied_late");
      act(this.store).catch(() => {});
    });
  }

  private relay<Result>(
    outcome: Promise<Result>,
    resolve: (result: Result) => void,
    reject: (error: unknown) => void,
  ): void {
    outcome.then(
      (result) => this.tell(() => resolve(result)),
      (error: unknown) => this.tell(() => reject(error)),
    );
  }

  private tell(answer: () => void, waitMs = this.delay()): void {
    this.node.schedule(waitMs, "store answers", answer);
  }

  private later(what: string, ms: number, call: () => void): void {
    this.node.world.scheduler.schedule(ms, `store: ${what} by ${this.node.host}`, call);
  }

  private delay(): number {
    const { random } = this;
    return random.between(delayMs.low, random.chance(delayMs.tailChance) ? delayMs.tail : delayMs.high);
  }

  private hit(name: Parameters<SimNode["world"]["coverage"]["hit"]>[0]): void {
    this.node.world.coverage.hit(name);
  }
}
