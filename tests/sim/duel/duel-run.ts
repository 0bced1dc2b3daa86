import { sleep } from "../../../lib/clock/clock.js";
import { type ChannelId, makeId, type UserId } from "../../../lib/ids/ids.js";
import { slotOf } from "../../../lib/ring/slot.js";
import { Cluster, calmCluster } from "../replicated/cluster.js";
import { auditorOf, ReplicatedStore } from "../replicated/replicated-store.js";
import { SeededRun } from "../runner/seeded-run.js";
import { SimClock } from "../sim-clock.js";
import { auditMembers } from "../workload/audit-members.js";
import { Eraser } from "../workload/eraser.js";
import { readFinalLog, readStore } from "../workload/final-state.js";
import { FirstAttempts } from "../workload/first-attempts.js";
import { Poster } from "../workload/poster.js";
import { Reader } from "../workload/reader.js";
import { setUp } from "../workload/set-up.js";
import type { Stage } from "../workload/stage.js";
import { DuelFaults } from "./duel-faults.js";
import { DuelOwners } from "./duel-owners.js";
import { DuelServer } from "./duel-server.js";
import { Succession } from "./succession.js";
import { Visitor } from "./visitor.js";

const serverCount = 3;
const posterCount = 3;
/** For how long things go wrong, in ms. */
const faultsMs = { low: 2000, high: 10_000 };
/** How often hints land after that and a new owner finds the logs, and how long it takes them, in ms. */
const rounds = 3;
const roundMs = 3000;
/** How long late writes that are no hints may take, in ms. */
const lateWritesMs = 20_500;
const settleMsMax = 60_000;
const lookMs = 50;

/** A run of one seed of nothing but owners of two channels in a row, over replicas that differ. */
export class DuelRun extends SeededRun {
  private readonly cluster = new Cluster(this.world, (append) => this.stored(append));
  private readonly auditor = auditorOf(this.cluster);
  private readonly channel = makeId("C", this.random.fraction) as ChannelId;
  private readonly users = Array.from({ length: 3 }, () => makeId("U", this.random.fraction) as UserId);
  private readonly servers: DuelServer[] = [];
  private readonly succession: Succession;
  private readonly stage: Stage;
  private readonly eraser: Eraser;
  private readonly faults: DuelFaults;

  constructor(seed: number, verbose = false) {
    super(seed, verbose);
    const { world, cluster } = this;
    const open = (node: ReturnType<typeof world.start>, clock: SimClock) =>
      new ReplicatedStore(node, clock, cluster);
    const manager = world.start("charm");
    this.succession = new Succession(world, open(manager, new SimClock(manager)));
    const firstAttempts = new FirstAttempts((channel, what) =>
      this.recorder.complain("workload", channel, what),
    );
    const owners = firstAttempts.watch(new DuelOwners(world, "callers", this.servers, this.succession));
    const api: Stage["api"] = {
      ask: (deadlineMs, act) => act(owners, world.clock.now() + deadlineMs, world.clock),
    };
    this.stage = { world, recorder: this.recorder, api, faultsGoOn: true };
    this.eraser = new Eraser(this.stage, this.users[0]!);
    const parts = {
      ...{ world, open },
      slots: [...new Set([this.channel, this.eraser.channel, ...this.users].map(slotOf))],
      changed: () => this.watchOver(),
      outranked: (epoch: number) => this.succession.outranked(epoch),
    };
    for (let i = 1; i <= serverCount; i++) {
      const name = `server-${i}`;
      const tells = new DuelOwners(world, name, this.servers, this.succession);
      const server = new DuelServer(name, parts, () => tells);
      this.succession.onChange((record, afterMs) => server.learn(record, afterMs));
      this.servers.push(server);
    }
    this.faults = new DuelFaults(world, cluster, this.servers, this.succession);
  }

  protected async course(): Promise<void> {
    const { stage, world, channel, users, random, succession, servers, eraser } = this;
    await succession.giveTo(servers[0]!);
    await setUp(stage, { channels: [channel], members: users });
    const until = world.scheduler.now + random.between(faultsMs.low, faultsMs.high);
    const outsider = makeId("U", random.fraction) as UserId;
    const population = { channels: [channel], members: users, outsider, latecomers: [], guests: [] };
    const posters = Array.from(
      { length: posterCount },
      (_, i) => new Poster(stage, `poster-${i}`, population),
    );
    const reader = new Reader(stage, "reader", population);
    const visitor = new Visitor(stage, channel, users[0]!, outsider);
    for (const one of [...posters, reader, eraser, visitor]) void one.run(until);
    await this.faults.run(until);
    stage.faultsGoOn = false;
    await this.settle(
      () => posters.every(({ busy }) => busy === 0) && !reader.busy && !eraser.busy && !visitor.busy,
    );
    await this.endure();
    await this.audit();
  }

  /** Gives the channels to somebody who lives, if their owner does not. */
  private watchOver(): void {
    const { world, random, succession, servers } = this;
    world.scheduler.schedule(random.between(1, 30), "who owns?", () => {
      const alive = servers.filter(({ life }) => life);
      if (succession.isOwned(servers) || alive.length === 0) return;
      void succession.giveTo(random.pick(alive)).then(() => {
        if (!succession.isOwned(servers)) this.watchOver();
      });
    });
  }

  private async settle(isSettled: () => boolean): Promise<void> {
    const { world } = this;
    const limit = world.scheduler.now + settleMsMax;
    while (!isSettled()) {
      if (world.scheduler.now > limit)
        return this.recorder.complain("G8", this.channel, "somebody still waits");
      await sleep(world.clock, lookMs);
    }
  }

  /** Late writes and hints land, and one owner after another finds the logs as they are then. */
  private async endure(): Promise<void> {
    const { world, cluster, servers, succession, random, stage, channel, users } = this;
    Object.assign(cluster.faults, calmCluster);
    for (let left = rounds; left > 0; left--) {
      if (left === 1) await sleep(world.clock, lateWritesMs - rounds * roundMs);
      cluster.handAllOver(roundMs, 1 / left);
      await sleep(world.clock, roundMs + 1);
      await succession.giveTo(random.pick(servers.filter(({ life }) => life)));
      const population = { channels: [channel], members: users };
      await setUp(stage, population);
    }
  }

  private async audit(): Promise<void> {
    const { stage, auditor, eraser, channel, users } = this;
    await eraser.audit(auditor);
    const newest = await readFinalLog(stage, channel, users[0]!);
    await readStore(stage, auditor, channel, newest);
    await auditMembers(stage, auditor, channel, newest, users[0]!);
  }
}
