import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CassandraServer } from "../tools/components/cassandra/server.js";
import { findComponent, howToGet } from "../tools/components/find.js";
import { needs } from "./needs.js";

const startMsMax = 300_000;

let starting: Promise<CassandraServer> | undefined;
let folder: string | undefined;

async function start(): Promise<CassandraServer> {
  folder = mkdtempSync(join(tmpdir(), "confab-cassandra-"));
  const server = await CassandraServer.on({ folder });
  await server.start();
  return server;
}

/** Ends with the whole run what was started for the first suite that wanted it. */
after("ends Cassandra", async function () {
  this.timeout(startMsMax);
  const server = await starting?.catch(() => undefined);
  await server?.kill();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

/**
 * One Cassandra for the tests of a `describe`, which all suites of a run share: each has ids or keyspaces of
 * its own. Without the component they are skipped.
 */
export function sharedCassandra(): () => CassandraServer {
  let server: CassandraServer | undefined;
  needs("Cassandra", howToGet("cassandra"), () => findComponent("cassandra") !== undefined);
  before("starts Cassandra", async function () {
    this.timeout(startMsMax);
    starting ??= start();
    server = await starting;
  });
  return () => server!;
}
