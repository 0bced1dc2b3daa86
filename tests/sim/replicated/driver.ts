import { errors, types } from "cassandra-driver";
import type { Clock } from "../../../lib/clock/clock.js";
import type { CoverageName } from "../coverage.js";
import type { SimNode } from "../node.js";
import type { Random } from "../random.js";
import { mutationOf, type Statement } from "./bind.js";
import { type Cluster, quorum, type Write } from "./cluster.js";
import { carryOutIf, isConditional } from "./conditional.js";
import { type Found, type Page, Query, type Repair } from "./reading.js";
import { pickSome } from "./replica-reader.js";

/** One-way delay in milliseconds: mostly small, now and then large. */
const delayMs = { low: 0.1, high: 2, tail: 60, tailChance: 0.02 };
/** After how long a request is given up. */
const timeoutMs = { low: 20, high: 300 };
/** How late a late write is applied. */
const lateMs = { low: 10, high: 20_000 };
/** How long a slow replica takes. */
const slowMs = { low: 5, high: 1500 };
/** Probability that a request on the way is lost when the caller dies. */
const lostInCrash = 0.5;
/** Probability that replicas of a calm cluster do the same thing at different moments. */
const apartChance = 0.2;
/** Part of the writes that a replica missed and never gets as a hint. */
const unhintedChance = 0.3;

type Answer<Value> = { readonly value: Value } | { readonly error: Error };

/** What the driver answers to a write. */
const written = { rows: [], pageState: null, wasApplied: () => true, first: () => null };

/** The driver as one process has it: its requests take time, and may go wrong. */
export class SimDriver {
  private readonly random: Random;
  private stamp = 0;

  constructor(
    private readonly node: SimNode,
    private readonly clock: Clock,
    private readonly cluster: Cluster,
  ) {
    this.random = node.world.random(`driver of ${node.host} from ${node.world.scheduler.now}`);
  }

  execute(query: string, params: readonly unknown[], options: object): Promise<unknown> {
    const statement = { query, params };
    if (query.startsWith("SELECT")) return this.read(new Query(statement, options));
    if (isConditional(statement)) return this.conditional(statement);
    return this.write([statement]);
  }

  batch(statements: readonly Statement[]): Promise<unknown> {
    return this.write(statements);
  }

  async shutdown(): Promise<void> {}

  /** What the driver stamps writes with that bring no timestamp: microseconds of its own clock, rising. */
  private readonly nowUs = (): number => {
    this.stamp = Math.max(Math.floor(this.clock.now() * 1000), this.stamp + 1);
    return this.stamp;
  };

  private read(query: Query): Promise<Page> {
    const { random, cluster, node } = this;
    return this.request((answer) => {
      if (!node.alive) return;
      const reachable = this.reachable();
      if (reachable.length < quorum) return answer({ error: unavailable() });
      const asked = pickSome(reachable, quorum, random);
      if (asked.some((replica) => this.isTooSlow(replica)) || random.chance(cluster.faults.readFails)) {
        this.hit("store.read_failed");
        return answer({ error: timedOut(types.responseErrorCodes.readTimeout) });
      }
      const read = (some: readonly number[]) => some.map((one) => query.readAt(cluster.replicas[one]!));
      if (!random.chance(cluster.isCalm ? apartChance : 0.5)) {
        return this.merge(query, asked, read(asked), answer);
      }
      const first = read(asked.slice(0, 1));
      this.later(this.delay(), () => {
        this.merge(query, asked, [...first, ...read(asked.slice(1))], answer);
      });
    });
  }

  private merge(
    query: Query,
    asked: readonly number[],
    found: readonly Found[],
    answer: (answer: Answer<Page>) => void,
  ): void {
    const { page, repairs } = query.answer(found);
    const some = repairs.flatMap((repair, at) => repair.map((change) => ({ change, replica: asked[at]! })));
    if (some.length === 0) return answer({ value: page });
    this.hit("replica.read_repaired");
    this.repair(query.partition, some, (isWhole) => {
      if (isWhole) return answer({ value: page });
      this.hit("replica.repair_broken");
      answer({ error: timedOut(types.responseErrorCodes.readTimeout) });
    });
  }

  /** Writes what replicas lack back, row by row in any order, before the read is answered. */
  private repair(
    partition: string,
    lacking: readonly { readonly change: Repair[number]; readonly replica: number }[],
    done: (isWhole: boolean) => void,
  ): void {
    const { random, cluster } = this;
    const breaks = random.chance(cluster.faults.repairBreaks);
    const order = pickSome(lacking, lacking.length, random);
    const cut = breaks || random.chance(apartChance) ? random.below(order.length + 1) : order.length;
    const write = (some: typeof order) => {
      for (const { change, replica } of some)
        cluster.replicas[replica]!.apply({ partition, changes: [change] });
    };
    this.later(this.delay(), () => {
      write(order.slice(0, cut));
      if (breaks || cut === order.length) return done(!breaks);
      this.later(this.delay(), () => {
        write(order.slice(cut));
        done(true);
      });
    });
  }

  private async write(statements: readonly Statement[]): Promise<unknown> {
    const mutation = mutationOf(statements, this.nowUs);
    const { node, random, cluster } = this;
    node.writing?.();
    return this.request((answer) => {
      if (!this.survives()) return;
      const reachable = this.reachable();
      if (reachable.length < quorum || random.chance(cluster.faults.refused)) {
        this.hit("store.not_written");
        return answer({ error: unavailable() });
      }
      this.send({ mutation, appliedAt: 0 }, reachable, answer);
    });
  }

  /** Sends a write to all replicas, and answers when enough of them have, or when that takes too long. */
  private send(write: Write, reachable: readonly number[], answer: (answer: Answer<unknown>) => void): void {
    const { cluster, random } = this;
    if (cluster.isCalm && !random.chance(apartChance)) {
      for (const replica of reachable) cluster.apply(write, replica);
      this.hit("store.written");
      return answer({ value: written });
    }
    const limit = random.between(timeoutMs.low, timeoutMs.high);
    const acknowledged: number[] = [];
    for (const replica of cluster.replicas.keys()) {
      if (!reachable.includes(replica)) cluster.hint(write, replica);
      else acknowledged.push(...this.sendTo(replica, write));
    }
    const enough = acknowledged.sort((a, b) => a - b)[quorum - 1] ?? Number.POSITIVE_INFINITY;
    if (enough <= limit) {
      this.hit("store.written");
      return this.later(enough, () => answer({ value: written }));
    }
    this.later(limit, () => {
      this.hit(write.appliedAt === 0 ? "replica.timeout" : "replica.timeout_took_effect");
      answer({ error: timedOut(types.responseErrorCodes.writeTimeout) });
    });
  }

  /** Sends a write to a replica; after how many milliseconds it answers, if it does. */
  private sendTo(replica: number, write: Write): number[] {
    const { cluster, random } = this;
    const { missed, late, responseLost, repeated } = cluster.faults;
    if (random.chance(missed)) {
      if (random.chance(unhintedChance)) this.hit("replica.missed");
      else cluster.hint(write, replica);
      return [];
    }
    if (random.chance(repeated)) {
      const wait = random.between(lateMs.low, lateMs.high);
      cluster.applyLater(wait, write, replica, "replica.repeated");
    }
    const isLate = random.chance(late);
    const isSlow = cluster.slow.has(replica);
    const range = isLate ? lateMs : isSlow ? slowMs : delayMs;
    const wait = random.between(range.low, range.high);
    if (isLate || isSlow) cluster.applyLater(wait, write, replica, "replica.late_write_landed");
    else this.later(wait, () => cluster.apply(write, replica));
    if (!random.chance(responseLost)) return [wait];
    this.hit("replica.response_lost");
    return [];
  }

  /** A conditional write: agreed on at one moment by a quorum that has seen all before it. */
  private async conditional(statement: Statement): Promise<unknown> {
    const { cluster, random } = this;
    return this.request((answer) => {
      if (!this.survives()) return;
      const reachable = this.reachable();
      if (reachable.length < quorum) return answer({ error: unavailable() });
      const { mutation, result } = carryOutIf(cluster, statement);
      const write = mutation && { mutation, appliedAt: 0 };
      const agreed = pickSome(reachable, quorum, random);
      for (const replica of write ? cluster.replicas.keys() : []) {
        if (agreed.includes(replica)) cluster.apply(write!, replica);
        else cluster.hint(write!, replica);
      }
      answer({ value: result });
    });
  }

  /** Begins a request after a while, and hands its answer to the process after another one. */
  private request<Value>(begin: (answer: (answer: Answer<Value>) => void) => void): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.later(this.delay(), () =>
        begin((answer) => {
          this.node.schedule(this.delay(), "store answers", () => {
            if ("error" in answer) reject(answer.error);
            else resolve(answer.value);
          });
        }),
      );
    });
  }

  private reachable(): number[] {
    const { cluster, node } = this;
    return [...cluster.replicas.keys()].filter((replica) => cluster.reaches(node.host, replica));
  }

  private isTooSlow(replica: number): boolean {
    return this.cluster.slow.has(replica) && this.random.chance(0.5);
  }

  /** A write of a dead process that has gone out may arrive or not. */
  private survives(): boolean {
    if (this.node.alive) return true;
    const lost = this.random.chance(lostInCrash);
    this.hit(lost ? "store.lost_in_crash" : "store.survived_crash");
    return !lost;
  }

  private later(ms: number, call: () => void): void {
    this.node.world.scheduler.schedule(ms, "cluster", call);
  }

  private delay(): number {
    const { random } = this;
    return random.between(delayMs.low, random.chance(delayMs.tailChance) ? delayMs.tail : delayMs.high);
  }

  private hit(name: CoverageName): void {
    this.node.world.coverage.hit(name);
  }
}

function unavailable(): Error {
  return new errors.ResponseError(
    types.responseErrorCodes.unavailableException,
    "too few replicas are alive",
  );
}

function timedOut(code: number): Error {
  return new errors.ResponseError(code, "too few replicas answered in time");
}
