import type { Host } from "../mesh/host.js";
import type { Mesh } from "../mesh/mesh.js";
import type { Random } from "../random.js";
import type { Fault } from "./fault.js";

/** How long a host is down, in ms: shorter or longer than the lease of its process (5 s). */
const downMs = { low: 50, high: 8000 };
/** How long after it was sent a write may still be under way, in ms. */
const writingMsMax = 3;
/** How long a process hangs, in ms: most often shortly, now and then for longer than its lease. */
const pauseMs = { low: 20, high: 1500, longHigh: 9000, longChance: 0.35 };
/** How far a clock may be off, in ms. */
const clockOffsetMsMax = 300;

/** A host, channel servers more often than the others. */
function pickHost(mesh: Mesh, random: Random): Host {
  const { channelServers, gateways, admins, charms } = mesh;
  const kinds: readonly (readonly Host[])[] = [
    channelServers,
    channelServers,
    channelServers,
    gateways,
    gateways,
  ];
  return random.pick(random.pick<readonly Host[]>([...kinds, admins, charms]));
}

export const crash: Fault = {
  name: "crash",
  weight: 5,
  strike: (mesh, random) => {
    const host = pickHost(mesh, random);
    if (!host.process) return;
    mesh.world.coverage.hit("fault.crash");
    host.crash(random.between(downMs.low, downMs.high));
  },
};

/** The ring manager that acts dies or hangs; where there are others, one of them takes over. */
export const crashLeader: Fault = {
  name: "crash of the leader",
  weight: 2,
  strike: ({ world, charms }, random) => {
    const leader = charms.find(({ program }) => program?.leads);
    if (!leader?.process) return;
    world.coverage.hit("fault.crash_leader");
    if (random.chance(0.5)) leader.crash(random.between(downMs.low, downMs.high));
    else leader.process.node.pause(random.between(pauseMs.low, pauseMs.longHigh));
  },
};

/** A channel server dies while a write of its is on the way to the store, or the answer is. */
export const crashWriting: Fault = {
  name: "crash while writing",
  weight: 4,
  strike: (mesh, random) => {
    const { world, channelServers } = mesh;
    const host = random.pick(channelServers);
    const { process } = host;
    if (!process) return;
    const { node } = process;
    node.writing = () => {
      node.writing = undefined;
      world.scheduler.schedule(random.fraction() * writingMsMax, "crash while writing", () => {
        if (!node.alive) return;
        world.coverage.hit("fault.crash_writing");
        host.crash(random.between(downMs.low, downMs.high));
      });
    };
  },
};

export const stop: Fault = {
  name: "stop",
  weight: 2,
  strike: (mesh, random) => {
    mesh.world.coverage.hit("fault.stop");
    pickHost(mesh, random).stop(random.between(downMs.low, downMs.high));
  },
};

export const pause: Fault = {
  name: "pause",
  weight: 5,
  strike: (mesh, random) => {
    const { process } = pickHost(mesh, random);
    if (!process) return;
    mesh.world.coverage.hit("fault.pause");
    const high = random.chance(pauseMs.longChance) ? pauseMs.longHigh : pauseMs.high;
    process.node.pause(random.between(pauseMs.low, high));
  },
};

export const clockStep: Fault = {
  name: "clock step",
  weight: 2,
  strike: (mesh, random) => {
    mesh.world.coverage.hit("fault.clock_step");
    pickHost(mesh, random).setClock(random.between(-clockOffsetMsMax, clockOffsetMsMax));
  },
};
