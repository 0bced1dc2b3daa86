import { SingleCopy } from "../mesh/mesh-store.js";
import { calmStore, type StoreFaults } from "../store-wire.js";
import type { Fault } from "./fault.js";

/** How long the store is in trouble, in ms, and what part of the calls goes wrong in each way. */
const troubleMs = { low: 300, high: 6000 };
const partMax = 0.25;

export const storeTrouble: Fault = {
  name: "store trouble",
  weight: 5,
  strike: ({ world, store }, random) => {
    if (!(store instanceof SingleCopy)) return;
    world.coverage.hit("fault.store");
    const part = () => (random.chance(0.5) ? random.fraction() * partMax : 0);
    const trouble: StoreFaults = {
      readFails: part(),
      notWritten: part(),
      unknownDropped: part(),
      unknownApplied: part(),
      unknownLate: part(),
      unknownPartial: part(),
      repeated: part(),
    };
    Object.assign(store.faults, trouble);
    world.scheduler.schedule(random.between(troubleMs.low, troubleMs.high), "store is well", () => {
      Object.assign(store.faults, calmStore);
    });
  },
};
