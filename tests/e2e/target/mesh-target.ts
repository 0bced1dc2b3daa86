import { setTimeout as wait } from "node:timers/promises";
import { types } from "cassandra-driver";
import { createClient } from "../../../lib/store/cassandra/client.js";
import {
  type CassandraOptions,
  openCassandraStore,
} from "../../../lib/store/cassandra/open-cassandra-store.js";
import type { Store } from "../../../lib/store/store.js";
import type { Server } from "../../../tools/checks/server.js";
import { smallCounts, storeOf } from "../../../tools/checks/start-mesh.js";
import { MeshStage } from "../../../tools/mesh/mesh-stage.js";
import { contentOf, type Rows, type SignUp, type Target, tablesOfOwners } from "./target.js";

/** How long projections may go on being written, in ms, and how often is looked. */
const settleMsMax = 30_000;
const settlePollMs = 250;

/** Every service as processes of its own behind Envoy, which all who use it share. */
export class SharedMesh {
  readonly #stage = new MeshStage();
  #starting: Promise<Server> | undefined;

  /** Starts it for the first who wants it; resolves with where it is. */
  start(): Promise<Server> {
    this.#starting ??= this.#stage.start({ counts: smallCounts });
    return this.#starting;
  }

  /** Where its store is. */
  get store(): CassandraOptions {
    return storeOf(this.#stage);
  }

  /** Kills all channel servers at once, and starts them again on what was stored. */
  async killChannelServers(): Promise<void> {
    const names = this.#stage.status().flatMap(({ name }) => (name.startsWith("channel-") ? [name] : []));
    await Promise.all(names.map((name) => this.#stage.kill(name)));
    for (const name of names) await this.#stage.startAgain(name);
  }

  /** Safe to call twice, and before the start. */
  async close(): Promise<void> {
    if (!this.#starting) return;
    await this.#starting.catch(() => {});
    await this.#stage.close();
  }
}

/** The shared mesh, with users that nobody else has. */
export class MeshTarget implements Target {
  #server: Server | undefined;

  constructor(private readonly shared: SharedMesh) {}

  get server(): Server {
    if (!this.#server) throw new Error("the mesh was not started");
    return this.#server;
  }

  async start(signUp: SignUp): Promise<void> {
    const server = await this.shared.start();
    this.#server = { ...server, token: await this.withStore(signUp) };
  }

  async withStore<Result>(use: (store: Store) => Promise<Result>): Promise<Result> {
    const store = await openCassandraStore(this.shared.store);
    return use(store).finally(() => store.close());
  }

  /** What is answered is stored, but its projections may still be on their way: until nothing changes. */
  async rows(): Promise<Rows> {
    const { store } = this.shared;
    const client = createClient(store);
    try {
      await client.connect();
      const until = performance.now() + settleMsMax;
      for (
        let before = "", rows = await readTables(client, store.keyspace);
        ;
        rows = await readTables(client, store.keyspace)
      ) {
        const text = JSON.stringify(rows);
        if (text === before) return rows;
        if (performance.now() > until) throw new Error("the rows of the mesh do not come to rest");
        before = text;
        await wait(settlePollMs);
      }
    } finally {
      await client.shutdown();
    }
  }

  killAndRestart(): Promise<void> {
    return this.shared.killChannelServers();
  }

  /** Others use it too. */
  async close(): Promise<void> {}
}

async function readTables(client: ReturnType<typeof createClient>, keyspace: string): Promise<Rows> {
  const query = "SELECT table_name FROM system_schema.tables WHERE keyspace_name = ?";
  const named = await client.execute(query, [keyspace]);
  const tables = named.rows.map((row) => String(row.get("table_name"))).sort();
  const rows: Record<string, string[]> = {};
  for (const table of tables) {
    if (tablesOfOwners.has(table)) continue;
    const found = new Set<string>();
    const all = await client.execute(`SELECT * FROM ${keyspace}.${table}`, [], { fetchSize: 1000 });
    for await (const row of all) if (isThere(row)) found.add(contentOf(plainRow(row)));
    rows[table] = [...found].sort();
  }
  return rows;
}

/** What was begun under a name that another had is there for nobody: see `ClaimedTable`. */
function isThere(row: types.Row): boolean {
  return !row.keys().includes("made") || row.get("made") === true;
}

function plainRow(row: types.Row): Record<string, unknown> {
  const plain = (value: unknown) => {
    if (value instanceof types.Long) return value.toString();
    return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
  };
  return Object.fromEntries(row.keys().map((name) => [name, plain(row.get(name))]));
}
