import type { Clock, Timer } from "../../lib/clock/clock.js";
import type { Entry } from "../../lib/coordination/coordinator.js";
import { MemoryCoordinator } from "../../lib/coordination/memory-coordinator.js";
import type { World } from "./world.js";

/** Of a key that lives as long as a process: restored from a backup it does so for this long, in ms. */
const restoredLeaseMs = 5000;
const leasedPrefixes = ["members/", "leader/", "gateways/"];
/** Most writes of one transaction. */
const writesMax = 128;

/** One that reaches the cluster: is told when the data are others than they were. */
export interface EtcdUser {
  dataReplaced(): void;
}

/** How long it takes to lose data, or to put those of a backup in their place, in ms. */
const replacedMs = 2000;

/** The time of leases, which stands still while the cluster has no leader, and begins anew under each. */
class LeaseClock implements Clock {
  private readonly armed = new Set<{ ms: number; call: () => void; timer: Timer | undefined }>();
  private stopped = false;

  constructor(private readonly clock: Clock) {}

  now(): number {
    return this.clock.now();
  }

  endOfTurn(call: () => void): void {
    this.clock.endOfTurn(call);
  }

  after(ms: number, call: () => void): Timer {
    const one = { ms, call, timer: undefined as Timer | undefined };
    this.armed.add(one);
    if (!this.stopped) this.arm(one);
    return {
      cancel: () => {
        one.timer?.cancel();
        this.armed.delete(one);
      },
    };
  }

  stop(): void {
    this.stopped = true;
    for (const { timer } of this.armed) timer?.cancel();
  }

  /** All leases have their whole time again. */
  renew(): void {
    this.stop();
    this.stopped = false;
    for (const one of this.armed) this.arm(one);
  }

  private arm(one: { ms: number; call: () => void; timer: Timer | undefined }): void {
    one.timer = this.clock.after(one.ms, () => {
      this.armed.delete(one);
      one.call();
    });
  }
}

/** The cluster behind all coordinators of a run: its data, and what becomes of them. */
export class SimEtcd {
  /** It has no quorum, or no leader yet: nothing is answered and nothing changes. */
  isDown = false;
  private readonly leases: LeaseClock;
  private readonly users = new Set<EtcdUser>();
  private present: MemoryCoordinator;
  private backup: readonly Entry[] = [];

  constructor(private readonly world: World) {
    this.leases = new LeaseClock(world.clock);
    this.present = new MemoryCoordinator(this.leases);
  }

  /** The data as they are now. */
  get data(): MemoryCoordinator {
    return this.present;
  }

  /** Tells the user of what concerns it, until the result is called. */
  join(user: EtcdUser): () => void {
    this.users.add(user);
    return () => this.users.delete(user);
  }

  /** Loses its quorum, or its leader, for so long (ms). Leases do not end meanwhile; then they begin anew. */
  goDown(ms: number): void {
    if (this.isDown) return;
    this.isDown = true;
    this.leases.stop();
    this.world.scheduler.schedule(ms, "etcd is back", () => this.comeBack());
  }

  /** Ends that, if it is so. */
  comeBack(): void {
    if (!this.isDown) return;
    this.isDown = false;
    this.leases.renew();
  }

  /** Keeps what is there, for `restore`. */
  async backUp(): Promise<void> {
    this.backup = await this.present.read("");
  }

  /** Loses all data. */
  async wipe(): Promise<void> {
    await this.replace([]);
  }

  /** Has the data of the backup again, without the keys that are named: what operators remove after that. */
  async restore(without: readonly string[]): Promise<void> {
    await this.replace(this.backup.filter(({ key }) => !without.includes(key)));
  }

  /** While it is done nobody is answered: longer than clocks are apart, so that no epoch is drawn twice. */
  private async replace(entries: readonly Entry[]): Promise<void> {
    this.goDown(replacedMs);
    const former = this.present;
    const next = new MemoryCoordinator(this.leases);
    const lease = await next.grantLease(restoredLeaseMs);
    for (let from = 0; from < entries.length; from += writesMax) {
      const put = entries.slice(from, from + writesMax).map(({ key, value }) => {
        const isLeased = leasedPrefixes.some((prefix) => key.startsWith(prefix));
        return { key, value, ...(isLeased && { lease }) };
      });
      await next.transact({ put });
    }
    this.present = next;
    await former.close();
    for (const user of [...this.users]) user.dataReplaced();
  }
}
