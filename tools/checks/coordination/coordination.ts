import { systemClock } from "../../../lib/clock/system-clock.js";
import type { Coordinator } from "../../../lib/coordination/coordinator.js";
import { EtcdCoordinator } from "../../../lib/coordination/etcd/etcd-coordinator.js";
import { MemoryCoordinator } from "../../../lib/coordination/memory-coordinator.js";
import { EtcdServer } from "../../components/etcd/server.js";
import type { Check, CheckContext } from "../check.js";
import { measureRates } from "./rates.js";
import { runSuites } from "./run-suites.js";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** The compiled tests of each coordinator. */
const suites = {
  memory: ["lib/coordination/memory-coordinator.test.js", "lib/coordination/election.test.js"],
  etcd: ["etcd-coordinator", "faults", "cluster", "secured"].map((name) => `tests/etcd/${name}.test.js`),
};

/** A coordinator keeps what all of them promise, through faults too, and how fast it is. */
export const coordination: Check<"transactions" | "writers"> = {
  name: "coordination",
  about: "runs the tests of a coordinator on one that it starts, and measures how fast that is",
  flags: {
    transactions: { standard: 2000, about: "how many transactions to measure" },
    writers: { standard: 32, about: "how many writers at a time" },
  },
  choices: { on: { standard: "memory", words: ["memory", "etcd"], about: "which coordinator" } },
  async run(context, flags) {
    const on = context.chosen.on === "etcd" ? "etcd" : "memory";
    const coordinator = await open(on, context);
    const rates = await measureRates(coordinator, flags);
    context.progress("measured", rates);
    const files = suites[on].map((file) => new URL(`../../../${file}`, import.meta.url));
    const tally = await runSuites(files, (words) => context.progress(`failed: ${words}`));
    const ok = tally.failed === 0 && tally.skipped === 0 && tally.passed > 0;
    return { ok, figures: { ...tally, ...rates } };
  },
};

/** One alone, which writes to the disk before it answers where it has one. */
async function open(on: "memory" | "etcd", context: CheckContext): Promise<Coordinator> {
  const coordinator = on === "etcd" ? await openEtcd(context) : new MemoryCoordinator(systemClock);
  context.defer(() => coordinator.close());
  return coordinator;
}

async function openEtcd({ folder, defer }: CheckContext): Promise<Coordinator> {
  const server = await EtcdServer.alone(folder, { fsync: true });
  defer(() => server.stop());
  await server.start();
  const target = { endpoints: [server.url], prefix: "check/" };
  return new EtcdCoordinator(target, { clock: systemClock, random: Math.random, log: silent });
}
