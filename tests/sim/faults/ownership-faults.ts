import { memberPrefix, pinKey, pinPrefix, slotPrefix } from "../../../lib/ring/keys.js";
import { parseMember } from "../../../lib/ring/records.js";
import { slotCount } from "../../../lib/ring/slot.js";
import { drainEntry, fenceEntry, pinEntry } from "../../../lib/ring/wishes.js";
import type { Mesh } from "../mesh/mesh.js";
import type { Random } from "../random.js";
import type { Fault } from "./fault.js";

/** How long a server is down after it left, in ms. */
const downMs = { low: 50, high: 8000 };
/** Most slots that are pinned at a time. */
const pinsMax = 10;
/** Part of the pins that concern slots in use. */
const usedPart = 0.8;
/** How long a server's news of owners are held up, in ms. */
const stallMs = { low: 50, high: 6000 };
/** How long transactions go wrong, in ms, and what part of them. */
const troubleMs = { low: 300, high: 6000 };
const troubleMax = 0.7;

export const join: Fault = {
  name: "a server joins",
  weight: 3,
  strike: (mesh, random) => {
    const absent = mesh.channelServers.filter(({ process }) => !process);
    if (absent.length === 0) return;
    mesh.world.coverage.hit("fault.join");
    random.pick(absent).start();
  },
};

export const leave: Fault = {
  name: "a server leaves",
  weight: 5,
  strike: (mesh, random) => {
    const host = random.pick(mesh.channelServers);
    if (!host.program) return;
    mesh.world.coverage.hit("fault.leave");
    host.leave(random.between(downMs.low, downMs.high));
  },
};

export const pin: Fault = {
  name: "pins",
  weight: 5,
  strike: (mesh, random) => {
    mesh.world.coverage.hit("fault.pin");
    pinSome(mesh, random);
  },
};

export const unpin: Fault = {
  name: "pins are taken back",
  weight: 2,
  strike: (mesh, random) => {
    mesh.world.coverage.hit("fault.unpin");
    void mesh.etcd.data.read(pinPrefix).then((pins) => {
      const remove = pins.map(({ key }) => key).filter(() => random.chance(0.7));
      return mesh.etcd.data.transact({ remove });
    });
  },
};

export const drain: Fault = {
  name: "drain",
  weight: 3,
  strike: (mesh, random) => {
    const { name } = random.pick(mesh.channelServers);
    mesh.world.coverage.hit("fault.drain");
    const entry = drainEntry(name);
    if (random.chance(0.4)) void mesh.etcd.data.transact({ remove: [entry.key] });
    else void mesh.etcd.data.transact({ put: [entry] });
  },
};

export const fence: Fault = {
  name: "an operator has a member fenced",
  weight: 1,
  strike: (mesh, random) => {
    void mesh.etcd.data.read(memberPrefix).then((entries) => {
      const members = entries.map(parseMember).filter((member) => member !== undefined);
      if (members.length === 0) return undefined;
      mesh.world.coverage.hit("fault.fence");
      return mesh.etcd.data.transact({ put: [fenceEntry(random.pick(members).incarnation)] });
    });
  },
};

/** Slots move while one server, often their owner or the next one, hears nothing of that. */
export const stalledRing: Fault = {
  name: "stalled news of owners",
  weight: 4,
  strike: (mesh, random) => {
    const { process } = random.pick(mesh.channelServers);
    if (!process) return;
    mesh.world.coverage.hit("fault.stalled_ring");
    process.coordinator.stall(slotPrefix);
    pinSome(mesh, random);
    const wait = random.between(stallMs.low, stallMs.high);
    mesh.world.scheduler.schedule(wait, "news go on", () => process.coordinator.resume());
  },
};

/**
 * Transactions of a channel server or a charm take effect or not, or much later, and it is not told; half the
 * time it hears no news of owners either.
 */
export const coordinatorTrouble: Fault = {
  name: "coordinator trouble",
  weight: 4,
  strike: (mesh, random) => {
    const host = random.chance(0.8) ? random.pick(mesh.channelServers) : random.pick(mesh.charms);
    const { process } = host;
    if (!process) return;
    mesh.world.coverage.hit("fault.coordinator_trouble");
    process.coordinator.troubled = random.fraction() * troubleMax;
    if (random.chance(0.5)) process.coordinator.stall(slotPrefix);
    pinSome(mesh, random);
    const wait = random.between(troubleMs.low, troubleMs.high);
    mesh.world.scheduler.schedule(wait, "the coordinator is well", () => {
      process.coordinator.troubled = 0;
      process.coordinator.resume();
    });
  },
};

/** Pins some slots to servers, whether those are there or not. */
function pinSome(mesh: Mesh, random: Random): void {
  const pins = new Map<string, ReturnType<typeof pinEntry>>();
  for (let left = 1 + random.below(pinsMax); left > 0; left--) {
    const used = mesh.usedSlots;
    const slot = used.length > 0 && random.chance(usedPart) ? random.pick(used) : random.below(slotCount);
    pins.set(pinKey(slot), pinEntry({ slot, memberId: random.pick(mesh.channelServers).name }));
  }
  void mesh.etcd.data.transact({ put: [...pins.values()] });
}
