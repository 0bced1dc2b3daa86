import { sleep } from "../../../lib/clock/clock.js";
import type { Random } from "../random.js";
import { type Cluster, calmCluster } from "../replicated/cluster.js";
import type { World } from "../world.js";
import type { DuelServer } from "./duel-server.js";
import type { Succession } from "./succession.js";

/** Mean time between two faults, in ms. */
const everyMs = { low: 100, high: 900 };
const downMs = { low: 5, high: 1500 };
const pauseMs = { low: 5, high: 2500 };
/** How long replicas are in trouble, in ms, and what part of the requests goes wrong in each way. */
const troubleMs = { low: 100, high: 2500 };
const partMax = 0.5;
/** How far clocks may be off, in ms. */
const clockOffsetMsMax = 3000;
/** How long after it was sent a write may still be under way, in ms. */
const writingMsMax = 4;

/** What goes wrong between owners in a row. */
export class DuelFaults {
  private readonly random: Random;

  constructor(
    private readonly world: World,
    private readonly cluster: Cluster,
    private readonly servers: readonly DuelServer[],
    private readonly succession: Succession,
  ) {
    this.random = world.random("duel faults");
  }

  /** Lets things go wrong until a moment (simulated ms), then sets everything right but what is late. */
  async run(until: number): Promise<void> {
    const { random, world, cluster, servers } = this;
    const faults = [
      ...[() => this.takeOver(), () => this.takeOver(), () => this.takeOver(), () => this.crashWriting()],
      ...[() => this.crash(), () => this.pause(), () => this.trouble(), () => this.trouble()],
      ...[() => this.down(), () => this.cut(), () => this.slow(), () => this.stepClock()],
    ];
    const chosen = faults.filter(() => random.chance(0.7));
    const mean = random.between(everyMs.low, everyMs.high);
    for (;;) {
      await sleep(world.clock, -Math.log(1 - random.fraction()) * mean);
      if (world.scheduler.now >= until) break;
      if (chosen.length > 0) random.pick(chosen)();
    }
    cluster.setRight();
    for (const { node } of servers) node.writing = undefined;
  }

  /** Wrongly suspected, the owner goes on for as long as nobody tells it. */
  private takeOver(): void {
    const { random, world, servers, succession } = this;
    const alive = servers.filter(({ life }) => life);
    if (alive.length === 0) return;
    world.coverage.hit("duel.taken_over");
    void succession.giveTo(random.pick(alive));
  }

  private crash(): void {
    this.world.coverage.hit("duel.crash");
    this.random.pick(this.servers).crash(this.random.between(downMs.low, downMs.high));
  }

  private crashWriting(): void {
    const { random, world } = this;
    const server = this.owner() ?? random.pick(this.servers);
    const { node } = server;
    node.writing = () => {
      node.writing = undefined;
      world.scheduler.schedule(random.fraction() * writingMsMax, "crash while writing", () => {
        if (!node.alive) return;
        world.coverage.hit("fault.crash_writing");
        server.crash(random.between(downMs.low, downMs.high));
      });
    };
  }

  private pause(): void {
    const { random } = this;
    (this.owner() ?? random.pick(this.servers)).node.pause(random.between(pauseMs.low, pauseMs.high));
  }

  private trouble(): void {
    const { random, world, cluster } = this;
    const part = () => (random.chance(0.6) ? random.fraction() * partMax : 0);
    Object.assign(cluster.faults, {
      ...{ readFails: part() / 4, repairBreaks: part(), refused: part() / 4, missed: part(), late: part() },
      ...{ responseLost: part(), repeated: part() },
    });
    world.scheduler.schedule(random.between(troubleMs.low, troubleMs.high), "replicas are well", () => {
      Object.assign(cluster.faults, calmCluster);
    });
  }

  private down(): void {
    this.world.coverage.hit("replica.down");
    this.forAWhile(this.cluster.down);
  }

  private slow(): void {
    this.world.coverage.hit("replica.slow");
    this.forAWhile(this.cluster.slow);
  }

  private cut(): void {
    const { random, cluster, world } = this;
    world.coverage.hit("replica.cut");
    const end = cluster.cut(random.pick(this.servers).name, random.below(cluster.replicas.length));
    world.scheduler.schedule(random.between(troubleMs.low, troubleMs.high), "replica is reached again", end);
  }

  private stepClock(): void {
    const { random, world } = this;
    world.coverage.hit("fault.clock_step");
    random.pick(this.servers).setClock(random.between(-clockOffsetMsMax, clockOffsetMsMax));
  }

  private forAWhile(set: Set<number>): void {
    const { random, cluster, world } = this;
    const replica = random.below(cluster.replicas.length);
    set.add(replica);
    world.scheduler.schedule(random.between(troubleMs.low, troubleMs.high), "replica is well", () =>
      set.delete(replica),
    );
  }

  private owner(): DuelServer | undefined {
    const { record } = this.succession;
    return this.servers.find(({ life, incarnation }) => life && incarnation === record?.incarnation);
  }
}
