import { calmStore } from "../store-wire.js";
import type { Fault } from "./fault.js";

/** How long the store is in trouble, in ms, and what part of the calls goes wrong in each way. */
const troubleMs = { low: 300, high: 6000 };
const partMax = 0.25;

export const storeTrouble: Fault = {
  name: "store trouble",
  weight: 5,
  strike: ({ world, storeFaults }, random) => {
    world.coverage.hit("fault.store");
    const part = () => (random.chance(0.5) ? random.fraction() * partMax : 0);
    const { readFails, notWritten, unknownDropped, unknownApplied } = calmStore;
    Object.assign(storeFaults, {
      readFails: readFails + part(),
      notWritten: notWritten + part(),
      unknownDropped: unknownDropped + part(),
      unknownApplied: unknownApplied + part(),
      unknownLate: part(),
      unknownPartial: part() / 2,
      repeated: part(),
    });
    world.scheduler.schedule(random.between(troubleMs.low, troubleMs.high), "store is well", () => {
      Object.assign(storeFaults, calmStore);
    });
  },
};
