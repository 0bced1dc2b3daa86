import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../tools/testing/free-ports.js";
import { ServiceProcess } from "./service-process.js";

/** By service: variables that are wrong, and the variables that have to be named. */
const wrong = {
  charm: [{ CONFAB_MEMBER_ID: "a/b" }, ["MEMBER_ID"]],
  channel: [{ CONFAB_ADDRESS: "here" }, ["ADDRESS", "MEMBER_ID"]],
  admin: [{ CONFAB_DRAIN_MS: "soon" }, ["DRAIN_MS", "TICKET_KEY"]],
  gateway: [
    { CONFAB_PUBLIC_URL: "https://chat.example.com", CONFAB_TICKET_KEY: "x" },
    ["MEMBER_ID", "PUBLIC_URL"],
  ],
  web: [{ CONFAB_ADMIN_ADDRESSES: "a:1,b:2", CONFAB_TLS_KEY: "x" }, "all"],
} as const;

describe("a service's program", function () {
  this.timeout(60_000);
  let folder: string;
  const processes: ServiceProcess[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "confab-faults-"));
  });
  afterEach(() => Promise.all(processes.splice(0).map((process) => process.end())));
  after(() => rm(folder, { recursive: true }));

  /** Runs one that cannot start; resolves with what it said. */
  async function run(service: string, variables: Record<string, string>): Promise<string> {
    const process = new ServiceProcess(service, {
      ...{ CONFAB_ETCD_ENDPOINTS: "http://127.0.0.1:1", CONFAB_OBSERVATION_ADDRESS: "127.0.0.1:0" },
      ...{ CONFAB_CASSANDRA_CONTACT_POINTS: "127.0.0.1:1", ...variables },
    });
    processes.push(process);
    assert.equal(await process.ended(), 1);
    assert.deepEqual(process.heard.stdout, []);
    return process.heard.stderr.join("\n");
  }

  for (const [service, [variables, expected]] of Object.entries(wrong)) {
    it(`tells all faults of its configuration at once and ends: ${service}`, async () => {
      const said = await run(service, { ...variables, CONFAB_NONE: "1" });
      const named = [...said.matchAll(/^ {2}CONFAB_(\w+): /gm)].map(([, name]) => name);
      const all =
        expected === "all" ? ["ADMIN_ADDRESSES", "TICKET_KEY", "TLS_AUTHORITY", "TLS_CERTIFICATE"] : expected;
      assert.deepEqual(named.sort(), [...all, "NONE"].sort(), said);
    });
  }

  it("tells of all files that it cannot use at once", async () => {
    const key = join(folder, "ticket-key.json");
    await writeFile(key, "no key", { mode: 0o600 });
    const said = await run("admin", {
      ...{ CONFAB_TICKET_KEY: key, CONFAB_TLS_AUTHORITY: join(folder, "none") },
      ...{ CONFAB_TLS_CERTIFICATE: key, CONFAB_TLS_KEY: folder },
    });
    assert.match(said, /TICKET_KEY: .* does not hold an Ed25519 key/);
    assert.match(said, /TLS_AUTHORITY: cannot be read \(ENOENT\)/);
    assert.match(said, /TLS_KEY: cannot be read \(EISDIR\)/);
  });

  it("says what is wrong where there is no Cassandra, and ends", async () => {
    const said = await run("charm", { CONFAB_MEMBER_ID: "charm-1" });
    assert.match(said, /confab: cannot use Cassandra at 127\.0\.0\.1:1: /);
  });

  it("lives while it starts, says that it is not ready, and ends when it is told to", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const asked = once(silent, "connection");
    const observation = `127.0.0.1:${await freePort()}`;
    const process = new ServiceProcess("charm", {
      CONFAB_MEMBER_ID: "charm-1",
      CONFAB_OBSERVATION_ADDRESS: observation,
      CONFAB_CASSANDRA_CONTACT_POINTS: `127.0.0.1:${(silent.address() as AddressInfo).port}`,
    });
    processes.push(process);
    const [connection] = await asked;
    assert.equal((await fetch(`http://${observation}/health/live`)).status, 200);
    const answer = await fetch(`http://${observation}/health/ready`);
    assert.deepEqual([answer.status, await answer.json()], [503, { ok: false, reason: "starting" }]);
    process.signal("SIGTERM");
    assert.equal(await process.ended(), 0);
    assert.deepEqual(process.heard.stdout, []);
    connection.destroy();
    silent.close();
  });

  it("takes no first token that could not be used", async () => {
    const said = await run("migrate", { CONFAB_FIRST_TOKEN: "short" });
    assert.match(said, /CONFAB_FIRST_TOKEN: must be confab_ and 43/);
    assert.doesNotMatch(said, /short/);
  });
});
