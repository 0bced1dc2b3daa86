import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openCassandraStore } from "../../../lib/store/cassandra/open-cassandra-store.js";
import { openSqliteStore } from "../../../lib/store/sqlite/sqlite-store.js";
import type { Store } from "../../../lib/store/store.js";
import { startUs } from "../../../lib/store/suite/samples.js";
import { CassandraServer, localDatacenter } from "../../components/cassandra/server.js";
import type { Check, CheckContext } from "../check.js";
import { bareCassandra, bareSqlite } from "./bare-clients.js";
import { measure, type Target } from "./rates.js";
import { runSuite } from "./suite.js";

const keyspace = "check";

/** A store keeps what every store promises; and what it costs, beside a bare client in the same run. */
export const store: Check<"seconds"> = {
  name: "store",
  about: "runs the tests of a store, and tells its rates beside those of the bare client",
  flags: { seconds: { standard: 3, about: "how long each rate is measured" } },
  choices: { on: { standard: "sqlite", words: ["sqlite", "cassandra"], about: "which store" } },
  async run(context, { seconds }) {
    const { on = "sqlite" } = context.chosen;
    const { passed, failed, skipped, failures } = await runSuite(join("dist", "lib", "store", on));
    for (const failure of failures) context.progress(`FAILED ${failure}`);
    context.progress("suite", { passed, failed, skipped });
    const targets = on === "sqlite" ? await sqliteTargets(context) : await cassandraTargets(context);
    const rates = await measure(targets, seconds * 1000, context.progress);
    return {
      ok: failed === 0 && skipped === 0 && passed > 0,
      figures: { passed, failed, skipped, ...rates },
    };
  },
};

async function sqliteTargets({ folder, defer }: CheckContext) {
  const [ours, bare] = ["store", "bare"].map((name) => join(folder, name));
  for (const made of [ours!, bare!]) await mkdir(made);
  const targets = {
    store: targetOf(await openSqliteStore({ folder: ours! })),
    bare: await bareSqlite(bare!),
  };
  for (const target of Object.values(targets)) defer(() => target.close());
  return targets;
}

async function cassandraTargets({ folder, defer }: CheckContext) {
  const server = await CassandraServer.on({ folder });
  defer(() => server.kill());
  await server.start();
  const { contactPoints } = server;
  const open = { contactPoints, localDatacenter, keyspace, migrate: { replicas: 1 }, allowDataLoss: true };
  const ours = targetOf(await openCassandraStore(open));
  defer(() => ours.close());
  const bare = await bareCassandra(contactPoints, keyspace);
  defer(() => bare.close());
  return { store: ours, bare };
}

function targetOf(opened: Store): Target {
  return {
    append: (append) => opened.append("check", append),
    page: async (channel, from, count) => {
      const range = { channel, bucket: startUs, from, to: from + count - 1, limit: count };
      const whole = { bytesEnough: Number.POSITIVE_INFINITY, downward: false };
      return (await opened.readRows({ ...range, ...whole })).length;
    },
    close: () => opened.close(),
  };
}
