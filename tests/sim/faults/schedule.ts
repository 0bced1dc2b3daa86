import { sleep } from "../../../lib/clock/clock.js";
import type { Mesh } from "../mesh/mesh.js";
import { SingleCopy } from "../mesh/mesh-store.js";
import type { Random } from "../random.js";
import { etcdBackup, etcdOutage, etcdReplaced, watchStall } from "./etcd-faults.js";
import type { Fault } from "./fault.js";
import { breakLinks, coordinatorCut, mangledFrames, partition, split } from "./network-faults.js";
import {
  coordinatorTrouble,
  drain,
  fence,
  join,
  leave,
  pin,
  stalledRing,
  unpin,
} from "./ownership-faults.js";
import { clockStep, crash, crashLeader, crashWriting, pause, stop } from "./process-faults.js";
import { replicaFaults } from "./replica-faults.js";
import { storeTrouble } from "./store-trouble.js";

const ordinary = [
  crash,
  crashWriting,
  crashLeader,
  stop,
  pause,
  clockStep,
  breakLinks,
  partition,
  coordinatorCut,
  split,
  etcdOutage,
  watchStall,
  etcdReplaced,
  etcdBackup,
  join,
  leave,
  pin,
  unpin,
  drain,
  fence,
  stalledRing,
  coordinatorTrouble,
];
/** What the network does of its own accord while there are faults. */
const roughNetwork = { refuse: 0.03, loseOnClose: 0.3, loseCall: 0.02 };
const calmNetwork = { refuse: 0, loseOnClose: 0, loseCall: 0, drop: 0, duplicate: 0, reorder: 0 };

/**
 * Lets things go wrong until a moment (simulated ms), then sets everything right.
 *
 * @param everyMs mean time between two faults
 * @param mangles frames may be dropped, doubled and reordered as well
 */
export async function runFaults(
  mesh: Mesh,
  random: Random,
  { until, everyMs, mangles }: { until: number; everyMs: number; mangles: boolean },
): Promise<void> {
  const { world, network } = mesh;
  const ofStore = mesh.store instanceof SingleCopy ? [storeTrouble] : replicaFaults;
  const faults = [...ordinary, ...ofStore, ...(mangles ? [mangledFrames] : [])];
  // A run has a few kinds of faults, not always all: so rarer mixtures come about.
  const chosen = faults.filter(() => random.chance(0.7));
  Object.assign(network.faults, roughNetwork);
  for (;;) {
    await sleep(world.clock, -Math.log(1 - random.fraction()) * everyMs);
    if (world.scheduler.now >= until) break;
    if (chosen.length > 0) pickWeighted(chosen, random).strike(mesh, random);
  }
  setRight(mesh);
}

function pickWeighted(faults: readonly Fault[], random: Random): Fault {
  let left = random.fraction() * faults.reduce((sum, { weight }) => sum + weight, 0);
  for (const fault of faults) {
    left -= fault.weight;
    if (left < 0) return fault;
  }
  return faults[0]!;
}

function setRight(mesh: Mesh): void {
  mesh.network.heal();
  mesh.etcd.comeBack();
  Object.assign(mesh.network.faults, calmNetwork);
  mesh.store.setRight();
  for (const { process } of mesh.all) {
    if (!process) continue;
    process.coordinator.restore();
    process.coordinator.resume();
    process.coordinator.troubled = 0;
    process.node.writing = undefined;
  }
}
