import { storeSuite } from "../../../lib/store/store-suite.js";
import { SimClock } from "../sim-clock.js";
import { World } from "../world.js";
import { Cluster } from "./cluster.js";
import { ReplicatedStore } from "./replicated-store.js";

/** How far simulated time goes on at a time, in ms. */
const stepMs = 1000;

/** A store on three replicas that are well, in a world whose time goes on until the store is closed. */
async function openCalm() {
  const world = new World(1);
  const node = world.start("a");
  const store = new ReplicatedStore(node, new SimClock(node), new Cluster(world, () => {}));
  let isOpen = true;
  const live = async () => {
    while (isOpen) {
      await world.scheduler.runUntil(world.scheduler.now + stepMs);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const life = live();
  return {
    store,
    close: async () => {
      await store.close();
      isOpen = false;
      await life;
    },
  };
}

storeSuite("a replicated store on a calm world", openCalm, false);
