import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { LocalServer, type Ready } from "../../../tools/checks/local-server.js";
import { type Client, connect } from "../node.js";

const linesMax = 20;

describe("the examples", function () {
  this.timeout(60_000);
  let folder: string;
  let server: LocalServer;
  let ready: Ready;
  let client: Client;
  const children: ChildProcess[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "confab-sdk-"));
    server = new LocalServer(folder);
    ready = await server.start();
    client = connect(ready);
  });
  after(async () => {
    for (const child of children) child.kill("SIGKILL");
    await client?.close();
    await server?.close();
    await rm(folder, { recursive: true });
  });

  /** Runs an example in the channel `general`; `until` reads its output up to a line. */
  function run(name: string, token: string) {
    const program = fileURLToPath(new URL(`../examples/${name}.js`, import.meta.url));
    const child = spawn(process.execPath, [program, ready.url, token, "general"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    children.push(child);
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const until = async (pattern: RegExp) => {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`${name} ended before it said ${pattern}`);
        if (pattern.test(value)) return value;
      }
    };
    const stop = async () => {
      child.kill("SIGTERM");
      const [code] = await once(child, "exit");
      return code;
    };
    return { until, stop };
  }

  it("tail prints what is there and what comes, and ends when asked to", async () => {
    await client.post("general", "first");
    const tail = run("tail", ready.token);
    assert.match(await tail.until(/first/), /^\d+ U\w{12} first$/);
    await client.post("general", "second");
    await tail.until(/second/);
    assert.equal(await tail.stop(), 0);
  });

  it("echo answers what it is asked to, and nothing else", async () => {
    const echo = run("echo", ready.token);
    await echo.until(/listening in general/);
    const position = await client.post("general", "hello");
    await client.post("general", "!echo world");
    const texts: string[] = [];
    for await (const { kind } of client.subscribe({ channel: "general", position })) {
      if (kind?.$case === "messagePosted") texts.push(kind.value.text);
      if (texts.length === 2) break;
    }
    assert.deepEqual(texts, ["!echo world", "world"]);
    assert.equal(await echo.stop(), 0);
  });

  it("are short, and the README shows one of them as it is", () => {
    for (const name of ["echo", "tail"]) {
      const text = readFileSync(`clients/sdk/examples/${name}.ts`, "utf8");
      assert.ok(text.trimEnd().split("\n").length <= linesMax, name);
    }
    const code = readFileSync("clients/sdk/examples/echo.ts", "utf8").trimEnd();
    assert.ok(readFileSync("README.md", "utf8").includes(`\`\`\`ts\n${code}\n\`\`\``));
  });
});
