import { generationKey } from "../../../lib/ring/keys.js";
import type { Fault } from "./fault.js";

/** How long the cluster is without a leader while it chooses one, and without a quorum, in ms. */
const electionMs = { low: 150, high: 1500 };
const outageMs = { low: 1500, high: 12_000 };
/** How long a process hears no news while its calls are answered, in ms. */
const stallMs = { low: 500, high: 9000 };

/** A member of etcd ends, or its leader changes: leases are renewed by that. */
export const etcdOutage: Fault = {
  name: "etcd outage",
  weight: 3,
  strike: ({ world, etcd }, random) => {
    world.coverage.hit("fault.etcd_outage");
    const { low, high } = random.chance(0.6) ? electionMs : outageMs;
    etcd.goDown(random.between(low, high));
  },
};

/** The news of a process stop, though it may ask and write. */
export const watchStall: Fault = {
  name: "watch stall",
  weight: 4,
  strike: (mesh, random) => {
    const { process } = random.pick(random.chance(0.6) ? mesh.channelServers : mesh.all);
    if (!process) return;
    mesh.world.coverage.hit("fault.watch_stall");
    process.coordinator.stall();
    const wait = random.between(stallMs.low, stallMs.high);
    mesh.world.scheduler.schedule(wait, "news come again", () => process.coordinator.resume());
  },
};

/** All of etcd's data are lost, or are those of an earlier time. The store has what it had. */
export const etcdReplaced: Fault = {
  name: "etcd replaced",
  weight: 1,
  strike: ({ world, etcd }, random) => {
    const isWiped = random.chance(0.5);
    world.coverage.hit(isWiped ? "fault.etcd_wiped" : "fault.etcd_restored");
    if (isWiped) void etcd.wipe();
    else void etcd.restore([generationKey]);
  },
};

/** Not a fault, but what one of them needs. */
export const etcdBackup: Fault = {
  name: "etcd backup",
  weight: 1,
  strike: ({ etcd }) => void etcd.backUp(),
};
