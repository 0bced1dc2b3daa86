import type { Host } from "../mesh/host.js";
import type { Fault } from "./fault.js";

const breaksMax = 4;
/** How long hosts are cut off from others, or from the coordinator, in ms. */
const cutMs = { low: 200, high: 8000 };
const splitMs = { low: 5000, high: 10_000 };
/** How long frames are mangled, in ms, and what part of them. */
const mangledMs = { low: 500, high: 5000 };
const mangledMax = 0.08;

export const breakLinks: Fault = {
  name: "break links",
  weight: 4,
  strike: (mesh, random) => {
    mesh.world.coverage.hit("fault.break_links");
    for (let left = 1 + random.below(breaksMax); left > 0; left--) mesh.network.breakOne();
  },
};

export const partition: Fault = {
  name: "partition",
  weight: 3,
  strike: (mesh, random) => {
    const { world, network } = mesh;
    world.coverage.hit("fault.partition");
    const names = mesh.all.map(({ name }) => name);
    const one = random.pick(names);
    const others = names.filter((name) => name !== one && random.chance(0.6));
    if (random.chance(0.5)) network.partition([one], others);
    else {
      world.coverage.hit("fault.one_way_cut");
      for (const other of others) network.block(one, other);
    }
    world.scheduler.schedule(random.between(cutMs.low, cutMs.high), "partitions end", () => network.heal());
  },
};

export const coordinatorCut: Fault = {
  name: "coordinator cut",
  weight: 3,
  strike: (mesh, random) => {
    const { process } = random.pick(mesh.all);
    if (!process) return;
    mesh.world.coverage.hit("fault.coordinator_cut");
    process.coordinator.cut();
    const wait = random.between(cutMs.low, cutMs.high);
    mesh.world.scheduler.schedule(wait, "coordinator is back", () => process.coordinator.restore());
  },
};

/**
 * A channel server and some of those who use it hear nothing of the coordinator until long after its lease
 * has ended: two owners at a time, each with callers of its own.
 */
export const split: Fault = {
  name: "split",
  weight: 5,
  strike: (mesh, random) => {
    const { world, channelServers, admins, gateways } = mesh;
    world.coverage.hit("fault.split");
    const hosts: readonly Host[] = [random.pick(channelServers), random.pick(admins), random.pick(gateways)];
    const deaf = hosts.flatMap(({ process }) => process ?? []);
    for (const { coordinator } of deaf) coordinator.cut();
    world.scheduler.schedule(random.between(splitMs.low, splitMs.high), "the split ends", () => {
      for (const { coordinator } of deaf) coordinator.restore();
    });
  },
};

/** More than links permit: peers that break their contract. Clients' sockets are spared. */
export const mangledFrames: Fault = {
  name: "mangled frames",
  weight: 3,
  strike: (mesh, random) => {
    const { network, world } = mesh;
    world.coverage.hit("fault.mangled_frames");
    const part = () => (random.chance(0.5) ? random.fraction() * mangledMax : 0);
    Object.assign(network.faults, { drop: part(), duplicate: part(), reorder: part() });
    world.scheduler.schedule(random.between(mangledMs.low, mangledMs.high), "frames are whole", () => {
      Object.assign(network.faults, { drop: 0, duplicate: 0, reorder: 0 });
    });
  },
};
