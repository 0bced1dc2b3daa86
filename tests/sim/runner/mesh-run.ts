import { sleep } from "../../../lib/clock/clock.js";
import type { ChannelId, Seq, UserId } from "../../../lib/ids/ids.js";
import type { Append } from "../../../lib/store/log-store.js";
import { runFaults } from "../faults/schedule.js";
import { Mesh } from "../mesh/mesh.js";
import { type MeshStore, SingleCopy, ThreeCopies } from "../mesh/mesh-store.js";
import { makePopulation, type Population } from "../mesh/users.js";
import { Api } from "../workload/api.js";
import { Cast } from "../workload/cast.js";
import { readFinalLog, readNewest, readStore } from "../workload/final-state.js";
import { FirstAttempts } from "../workload/first-attempts.js";
import { setUp } from "../workload/set-up.js";
import type { Stage } from "../workload/stage.js";
import { SeededRun } from "./seeded-run.js";
import type { RunOptions } from "./simulate.js";

/** For how long things go wrong, and the mean time between two faults, in ms. */
const faultsMs = { low: 5_000, high: 30_000 };
const faultEveryMs = { low: 400, high: 4_000 };
/** How long a mesh without faults may take until everybody has everything, in ms. */
const settleMsMax = 60_000;
/** How long the store's late writes may take, in ms. */
const lateWritesMs = 20_500;
/** Part of the runs that have a store of one copy. */
const singleChance = 0.25;
/** How often it is looked whether all is settled, in ms. */
const lookMs = 500;
/** A run of one seed of a whole mesh. */
export class MeshRun extends SeededRun {
  private readonly stage: Stage;
  private readonly mesh: Mesh;
  private readonly population: Population;

  constructor(seed: number, { verbose = false, copies: wanted }: RunOptions) {
    super(seed, verbose);
    const charms = this.random.pick([1, 2, 3]);
    const copies = this.random.chance(singleChance) ? 1 : 3;
    const complain = (what: string) => this.recorder.complain("ownership", "", what);
    this.mesh = new Mesh(this.world, this.makeStore(wanted ?? copies), charms, complain);
    const firstAttempts = new FirstAttempts((channel, what) =>
      this.recorder.complain("workload", channel, what),
    );
    const api = new Api(this.mesh.network, this.mesh.admins, firstAttempts);
    this.stage = { world: this.world, recorder: this.recorder, api, faultsGoOn: true };
    this.population = makePopulation(this.random);
  }

  private makeStore(copies: 1 | 3): MeshStore {
    const appended = (append: Append) => this.stored(append);
    return copies === 1 ? new SingleCopy(appended) : new ThreeCopies(this.world, appended);
  }

  protected async course(): Promise<void> {
    const { stage, mesh, population, random, world } = this;
    mesh.start();
    await setUp(stage, population);
    const until = world.scheduler.now + random.between(faultsMs.low, faultsMs.high);
    const cast = new Cast(stage, mesh, population);
    cast.start(until);
    const everyMs = random.between(faultEveryMs.low, faultEveryMs.high);
    await runFaults(mesh, random, { until, everyMs, mangles: random.chance(0.2) });
    stage.faultsGoOn = false;
    await this.settle(cast);
    mesh.store.comeLate(lateWritesMs);
    await sleep(world.clock, lateWritesMs);
    this.recorder.note({ type: "quiet" });
    await this.auditUsers();
    cast.leave();
    await this.audit();
    await cast.audit(mesh.store.auditor);
  }

  /** Waits until all calls have been answered and all clients have everything. */
  private async settle(cast: Cast): Promise<void> {
    const { clock, scheduler } = this.world;
    const limit = scheduler.now + settleMsMax;
    for (;;) {
      await sleep(clock, lookMs);
      const newest = cast.isIdle ? await this.newest() : undefined;
      const laggard = newest && cast.laggard(newest);
      if (newest && laggard === undefined) return;
      if (scheduler.now < limit) continue;
      const who = laggard ?? (cast.isIdle ? "a reader of the newest events" : "a caller of the API");
      return this.recorder.complain("G8", "", `${who} still waits ${settleMsMax} ms after the last fault`);
    }
  }

  /** The newest `seq` of each channel; undefined if one of them cannot be read. */
  private async newest(): Promise<Map<ChannelId, Seq> | undefined> {
    const { channels, members } = this.population;
    const found = new Map<ChannelId, Seq>();
    for (const channel of channels) {
      const newest = await readNewest(this.stage, channel, members[0]!);
      if (newest === undefined) return undefined;
      found.set(channel, newest);
    }
    return found;
  }

  /** Reads users' own channels, before there are new owners of conversations who may tell users again. */
  private async auditUsers(): Promise<void> {
    const { members, latecomers, guests } = this.population;
    for (const user of [...members, ...latecomers, ...guests]) await this.auditLog(user, user);
  }

  /** Reads all logs from owners that find them in the store anew. */
  private async audit(): Promise<void> {
    const { mesh, population } = this;
    for (const server of mesh.channelServers) server.crash(1);
    for (const channel of population.channels) {
      await this.auditLog(channel, population.members[0]!);
    }
  }

  private async auditLog(channel: ChannelId, reader: UserId): Promise<void> {
    const newest = await readFinalLog(this.stage, channel, reader);
    await readStore(this.stage, this.mesh.store.auditor, channel, newest);
  }
}
