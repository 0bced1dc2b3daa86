import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { connect } from "../../clients/sdk/node.js";
import { findComponent, howToGet } from "../../tools/components/find.js";
import { beganAt } from "../../tools/components/running/began.js";
import { MeshStage } from "../../tools/mesh/mesh-stage.js";
import { sharedCassandra } from "../cassandra.js";
import { needs } from "../needs.js";

const program = fileURLToPath(new URL("../../tools/mesh/main.js", import.meta.url));
/** As few processes as make a mesh, on an etcd of its own. */
const one = { etcds: 1, charms: 1, channels: 1, admins: 1, gateways: 1, webs: 1 } as const;
const pollMs = 50;

describe("the mesh on this machine", function () {
  this.timeout(240_000);
  needs("etcd", howToGet("etcd"), () => findComponent("etcd") !== undefined);
  needs("Envoy", howToGet("envoy"), () => findComponent("envoy") !== undefined);
  const cassandra = sharedCassandra();
  const points = () => cassandra().contactPoints.map(({ host, port }) => `${host}:${port}`);

  describe("as tests have it", () => {
    const stage = new MeshStage();
    let pids: number[];
    before(async () => {
      const counts = { ...one, channels: 2 };
      await stage.start({ counts, cassandra: { contactPoints: points(), keyspace: "mesh_stage" } });
      pids = stage.status().map(({ pid }) => pid);
    });
    after(() => stage.close());

    it("carries a message through Envoy to who follows the channel", async () => {
      const { url, token, ca } = stage.addresses;
      const client = connect({ url, token, ca: ca! });
      const subscription = client.subscribe("general");
      await subscription.ready;
      await client.post("general", "through all of it");
      for await (const { kind } of subscription) {
        if (kind?.$case !== "messagePosted") continue;
        assert.equal(kind.value.text, "through all of it");
        break;
      }
      await client.close();
    });

    it("tells of a process that was killed, until it is started again", async () => {
      const names = ["etcd", "charm-1", "channel-1", "channel-2", "admin-1", "gateway-1", "web-1", "envoy"];
      assert.deepEqual(await aliveNames(0), names);
      await stage.kill("channel-1");
      assert.deepEqual(
        await aliveNames(1),
        names.filter((name) => name !== "channel-1"),
      );
      await stage.startAgain("channel-1");
      assert.deepEqual((await aliveNames(0)).sort(), names.sort());
      await assert.rejects(stage.startAgain("channel-1"), /channel-1 runs already/);
      await assert.rejects(stage.kill("channel-9"), /no process channel-9; it has etcd, /);
    });

    it("is refused beside one that runs", async () => {
      const { code, stderr } = await mesh("--data", stage.data, "--port", "0");
      assert.equal(code, 1);
      assert.match(stderr, /8 processes of a mesh run already in .*npm run mesh -- stop/);
    });

    it("leaves nothing behind", async () => {
      pids.push(...stage.status().map(({ pid }) => pid));
      await stage.close();
      assert.deepEqual(
        pids.filter((pid) => beganAt(pid) !== undefined),
        [],
      );
      assert(!existsSync(stage.data));
    });

    /** The names of those that `status` says are alive. */
    async function aliveNames(expected: number): Promise<string[]> {
      const { code, stdout } = await mesh("status", "--json", "--data", stage.data);
      assert.equal(code, expected, stdout);
      const { processes } = JSON.parse(stdout) as { processes: { name: string; alive: boolean }[] };
      return processes.filter(({ alive }) => alive).map(({ name }) => name);
    }
  });

  describe("as its user has it", () => {
    let data: string;
    beforeEach(() => {
      data = mkdtempSync(join(tmpdir(), "confab-mesh-"));
    });
    afterEach(async () => {
      await mesh("stop", "--data", data);
      rmSync(data, { recursive: true, force: true });
    });

    it("says where it is, and ends with all of its processes on Ctrl-C", async () => {
      const child = begin("--json", ...flags("mesh_user"));
      const [line] = (await once(createInterface(child.stdout), "line")) as [string];
      const { ready, envoy, ca, token, jaeger, processes } = JSON.parse(line);
      assert.deepEqual([ready, jaeger], [true, null]);
      const announced = JSON.parse(readFileSync(join(data, "server.json"), "utf8"));
      assert.deepEqual([announced.url, announced.ca], [envoy, ca]);
      assert.equal(readFileSync(join(data, "token"), "utf8").trim(), token);
      for (const { log } of processes) assert(existsSync(log), log);
      child.kill("SIGINT");
      const [code] = await once(child, "close");
      assert.equal(code, 0);
      assert.deepEqual(running(processes), []);
      assert(!existsSync(join(data, "server.json")));
    });

    it("ends by a command what a runner that was killed has left", async () => {
      const child = begin("--json", ...flags("mesh_killed"));
      const records = join(data, "mesh", "running.json");
      while (!existsSync(records)) await wait(pollMs);
      child.kill("SIGKILL");
      await once(child, "close");
      const left = JSON.parse(readFileSync(records, "utf8"));
      assert(left.length > 0 && running(left).length === left.length);
      const { code, stdout } = await mesh("stop", "--data", data);
      assert.deepEqual([code, stdout.trim()], [0, `ended ${left.length} processes`]);
      assert.deepEqual(running(left), []);
    });

    const running = (all: readonly { pid: number; name: string }[]) =>
      all.filter(({ pid }) => beganAt(pid) !== undefined).map(({ name }) => name);

    function flags(keyspace: string): string[] {
      const counts = Object.entries(one).flatMap(([name, count]) => [`--${name}`, String(count)]);
      const store = ["--cassandra", points().join(","), "--keyspace", keyspace];
      return ["--data", data, "--port", "0", "--no-jaeger", ...counts, ...store];
    }
  });

  function begin(...args: string[]) {
    return spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  }

  /** Runs the tool to its end. */
  async function mesh(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const child = begin(...args);
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    return { code, stdout, stderr };
  }
});
