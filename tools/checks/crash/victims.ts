import { migrateKeyspace } from "../../../lib/store/cassandra/open-cassandra-store.js";
import { CassandraServer, localDatacenter } from "../../components/cassandra/server.js";
import { type Api, connect } from "../api.js";
import { LocalServer } from "../local-server.js";
import type { Room } from "../room.js";

const keyspace = "crash";

/** A process that is killed now and then. */
export interface Victim {
  readonly name: string;
  /** Kills it and starts it again on what it kept; resolves with the milliseconds until it served. */
  killAndStart(): Promise<number>;
}

/** The server that posts go to: it can be killed, and has another connection in each life. */
export class ServerVictim implements Victim {
  readonly name = "server";
  #api: Promise<Api>;

  constructor(private readonly server: LocalServer) {
    this.#api = this.#start();
  }

  /** The connection to its present life. */
  api(): Promise<Api> {
    return this.#api;
  }

  async killAndStart(): Promise<number> {
    const old = await this.#api;
    const killed = this.server.kill();
    this.#api = killed.then(() => this.#start());
    const began = performance.now();
    await this.#api;
    old.close();
    return Math.round(performance.now() - began);
  }

  async close(): Promise<void> {
    const api = await this.#api.catch(() => undefined);
    api?.close();
    await this.server.close();
  }

  async #start(): Promise<Api> {
    return connect(await this.server.start());
  }
}

/** A server with its messages in SQLite. */
export function serverOnSqlite({ folder, defer }: Room, args: readonly string[]): ServerVictim {
  const server = new ServerVictim(new LocalServer(folder, args));
  defer(() => server.close());
  return server;
}

/** A server with its messages in a Cassandra of one node, which is a victim of its own. */
export async function serverOnCassandra(
  { folder, defer }: Room,
  args: readonly string[],
): Promise<{ server: ServerVictim; cassandra: Victim }> {
  const node = await CassandraServer.on({ folder });
  defer(() => node.kill());
  await node.start();
  const { contactPoints } = node;
  await migrateKeyspace({ contactPoints, localDatacenter, keyspace }, { replicas: 1 });
  const points = contactPoints.map(({ host, port }) => `${host}:${port}`).join(",");
  const storeArgs = ["--store", "cassandra", "--cassandra-contact-points", points];
  // One replica is enough here: the disk outlives the process.
  const variables = { CONFAB_CASSANDRA_KEYSPACE: keyspace, CONFAB_CASSANDRA_ALLOW_DATA_LOSS: "true" };
  const server = new ServerVictim(new LocalServer(folder, [...args, ...storeArgs], [], variables));
  defer(() => server.close());
  const killAndStart = async () => {
    await node.kill();
    const began = performance.now();
    await node.start();
    return Math.round(performance.now() - began);
  };
  return { server, cassandra: { name: "cassandra", killAndStart } };
}
