import type {
  Coordinator,
  Entry,
  Lease,
  Transaction,
  Watch,
  Watcher,
} from "../../lib/coordination/coordinator.js";
import { ConfabError } from "../../lib/errors/errors.js";
import { copy } from "./copy.js";
import type { SimNode } from "./node.js";
import type { SimEtcd } from "./sim-etcd.js";
import { SimWatch } from "./sim-watch.js";

/** One-way delay in milliseconds. */
const delayMs = { low: 0.1, high: 3 };
/** How long a process waits for an answer when it is cut off. */
const cutMs = { low: 500, high: 3000 };
/** How much later a transaction may take effect of which nobody is told what became of it, in ms. */
const lateMs = { low: 1, high: 4000 };
/** Probability that a call from one cut off has its effect all the same: only its answer is lost. */
const appliedThough = 0.3;

/** The coordinator as one process has it: calls and news take time, and it can be cut off. */
export class SimCoordinator implements Coordinator {
  /** Part of the transactions of which the process is not told what became of them. */
  troubled = 0;
  private readonly watches = new Set<SimWatch>();
  private reachable = true;
  /** What begins with this is not heard of; undefined: nothing is held up. */
  private stalled: string | undefined;

  constructor(
    private readonly node: SimNode,
    private readonly etcd: SimEtcd,
  ) {
    const leave = etcd.join({ dataReplaced: () => this.hearAnew() });
    node.onCrash(() => {
      leave();
      this.drop();
    });
  }

  /**
   * Cuts the process off: its calls fail without telling whether they had an effect, and it hears no news.
   */
  cut(): void {
    if (!this.reachable) return;
    this.node.world.coverage.hit("coordinator.cut");
    this.reachable = false;
    for (const watch of this.watches) watch.pause();
  }

  /** Ends that; watchers learn how things are now. */
  restore(): void {
    if (this.reachable || !this.node.alive) return;
    this.node.world.coverage.hit("coordinator.restored");
    this.reachable = true;
    this.hearAgain();
  }

  /** Holds up the news of a prefix, or all news; calls are answered. */
  stall(prefix = ""): void {
    this.stalled = prefix;
    for (const watch of this.watches) if (watch.prefix.startsWith(prefix)) watch.pause();
  }

  /** Ends that; watchers learn how things are now. */
  resume(): void {
    this.stalled = undefined;
    this.hearAgain();
  }

  read(prefix: string): Promise<Entry[]> {
    return this.ask("read", () => this.etcd.data.read(prefix));
  }

  transact(transaction: Transaction): Promise<number | undefined> {
    const { when = [], put = [], remove = [] } = transaction;
    const sent = {
      when: copy(when),
      put: put.map(({ key, value, lease }) => ({ key, value, ...(lease && { lease }) })),
      remove: copy(remove),
    };
    const act = () => this.etcd.data.transact(sent);
    const isTroubled = this.troubled > 0 && !this.etcd.isDown && this.node.random.chance(this.troubled);
    return isTroubled ? this.troubledly(act) : this.ask("transact", act);
  }

  watch(prefix: string, watcher: Watcher): Watch {
    const watch = new SimWatch(
      this.node,
      () => this.etcd.data,
      prefix,
      watcher,
      () => this.delay(),
    );
    this.watches.add(watch);
    if (this.hears(prefix)) watch.resume();
    return {
      cancel: () => {
        this.watches.delete(watch);
        watch.cancel();
      },
    };
  }

  async grantLease(ttlMs: number): Promise<Lease> {
    const lease = await this.ask("grantLease", () => this.etcd.data.grantLease(ttlMs));
    return {
      id: lease.id,
      keepAlive: () => this.ask("keepAlive", () => lease.keepAlive()),
      revoke: () => this.ask("revoke", () => lease.revoke()),
    };
  }

  async close(): Promise<void> {
    this.drop();
  }

  private ask<Result>(what: string, act: () => Promise<Result>): Promise<Result> {
    const { node } = this;
    const { scheduler, coverage } = node.world;
    return new Promise((resolve, reject) => {
      scheduler.schedule(this.delay(), `coordinator: ${what} by ${node.host}`, () => {
        if (this.reachable && !this.etcd.isDown) {
          act().then(
            (result) => node.schedule(this.delay(), "coordinator answers", () => resolve(result)),
            (error: unknown) => node.schedule(this.delay(), "coordinator refuses", () => reject(error)),
          );
          return;
        }
        const applied = !this.etcd.isDown && node.random.chance(appliedThough);
        coverage.hit(applied ? "coordinator.unknown_applied" : "coordinator.unknown_dropped");
        if (applied) act().catch(() => {});
        const wait = node.random.between(cutMs.low, cutMs.high);
        node.schedule(wait, "coordinator is silent", () => reject(new ConfabError("unavailable")));
      });
    });
  }

  private hears(prefix: string): boolean {
    const isHeldUp = this.stalled !== undefined && prefix.startsWith(this.stalled);
    return this.reachable && this.node.alive && !isHeldUp;
  }

  private hearAgain(): void {
    for (const watch of this.watches) if (this.hears(watch.prefix)) watch.resume();
  }

  /** Its watches were of data that are gone. */
  private hearAnew(): void {
    for (const watch of this.watches) watch.pause();
    this.hearAgain();
  }

  /** A transaction takes effect at once, much later or never, and the process is not told. */
  private troubledly(act: () => Promise<unknown>): Promise<never> {
    const { node } = this;
    const { scheduler, coverage } = node.world;
    const effect = node.random.pick(["applied", "late", "dropped"] as const);
    coverage.hit(`coordinator.unknown_${effect}`);
    const isLate = effect === "late";
    const delay = isLate ? node.random.between(lateMs.low, lateMs.high) : this.delay();
    const take = () => void (effect !== "dropped" && act().catch(() => {}));
    scheduler.schedule(delay, `coordinator: transact by ${node.host}, untold`, take);
    const wait = node.random.between(delayMs.high, cutMs.low);
    return new Promise((_, reject) => {
      node.schedule(wait, "coordinator is silent", () => reject(new ConfabError("unavailable")));
    });
  }

  private drop(): void {
    for (const watch of this.watches) watch.cancel();
    this.watches.clear();
  }

  private delay(): number {
    return this.node.random.between(delayMs.low, delayMs.high);
  }
}
