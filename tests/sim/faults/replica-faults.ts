import type { Mesh } from "../mesh/mesh.js";
import { ThreeCopies } from "../mesh/mesh-store.js";
import type { Random } from "../random.js";
import { type Cluster, type ClusterFaults, calmCluster } from "../replicated/cluster.js";
import type { Fault } from "./fault.js";

/** How long replicas are in trouble, in ms, and what part of the requests goes wrong in each way. */
const troubleMs = { low: 300, high: 6000 };
const partMax = 0.25;
/** How long one is down, slow or cut off, in ms. */
const oneMs = { low: 200, high: 10_000 };

/** Requests go wrong at all replicas, in some of all ways. */
const replicaTrouble: Fault = {
  name: "replica trouble",
  weight: 6,
  strike: (mesh, random) => {
    const cluster = clusterOf(mesh);
    mesh.world.coverage.hit("fault.store");
    const part = () => (random.chance(0.5) ? random.fraction() * partMax : 0);
    const trouble: ClusterFaults = {
      readFails: part(),
      repairBreaks: 2 * part(),
      refused: part(),
      missed: 2 * part(),
      late: 2 * part(),
      responseLost: 2 * part(),
      repeated: part(),
    };
    Object.assign(cluster.faults, trouble);
    mesh.world.scheduler.schedule(random.between(troubleMs.low, troubleMs.high), "replicas are well", () => {
      Object.assign(cluster.faults, calmCluster);
    });
  },
};

/** A replica is down: what it should write is kept for it, for hours perhaps. */
const replicaDown: Fault = {
  name: "replica down",
  weight: 4,
  strike: (mesh, random) => {
    mesh.world.coverage.hit("replica.down");
    forAWhile(mesh, random, ({ down }) => down);
  },
};

const replicaSlow: Fault = {
  name: "replica slow",
  weight: 2,
  strike: (mesh, random) => {
    mesh.world.coverage.hit("replica.slow");
    forAWhile(mesh, random, ({ slow }) => slow);
  },
};

/** A process cannot reach one of the replicas, which all others can. */
const replicaCut: Fault = {
  name: "replica cut off",
  weight: 3,
  strike: (mesh, random) => {
    const cluster = clusterOf(mesh);
    mesh.world.coverage.hit("replica.cut");
    const { name } = random.pick(mesh.channelServers);
    const end = cluster.cut(name, random.below(cluster.replicas.length));
    mesh.world.scheduler.schedule(random.between(oneMs.low, oneMs.high), "replica is reached again", end);
  },
};

/** What goes wrong with three copies. */
export const replicaFaults: readonly Fault[] = [replicaTrouble, replicaDown, replicaSlow, replicaCut];

function forAWhile(mesh: Mesh, random: Random, setOf: (cluster: Cluster) => Set<number>): void {
  const cluster = clusterOf(mesh);
  const replica = random.below(cluster.replicas.length);
  setOf(cluster).add(replica);
  mesh.world.scheduler.schedule(random.between(oneMs.low, oneMs.high), "replica is well", () => {
    setOf(cluster).delete(replica);
  });
}

function clusterOf({ store }: Mesh): Cluster {
  if (!(store instanceof ThreeCopies)) throw new Error("one copy has no replicas");
  return store.cluster;
}
