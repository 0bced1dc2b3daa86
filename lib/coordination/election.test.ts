import { ManualClock } from "../clock/manual-clock.js";
import { electionSuite } from "./election-suite.js";
import { MemoryCoordinator } from "./memory-coordinator.js";

electionSuite("MemoryCoordinator", async () => {
  const clock = new ManualClock();
  return { clock, coordinator: new MemoryCoordinator(clock), advance: (ms) => clock.pass(ms) };
});
