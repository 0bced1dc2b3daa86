import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { textCodePointsMax } from "../../../lib/limits/limits.js";
import { LocalServer } from "../../../tools/checks/local-server.js";
import { CliRun, type Ended } from "./run-cli.js";

const lineCount = 1000;
const lines = Array.from({ length: lineCount }, (_, i) => `line ${i + 1}`);

describe("the command line tool", function () {
  this.timeout(60_000);
  let folder: string;
  let server: LocalServer;
  const runs: CliRun[] = [];

  const start = (...args: string[]) => startWith("", ...args);
  const startWith = (input: string | undefined, ...args: string[]) => {
    const run = new CliRun([...args, "--data", folder], input);
    runs.push(run);
    return run;
  };
  const run = (...args: string[]) => start(...args).ended;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "confab-cli-"));
    server = new LocalServer(folder);
    await server.start();
  });

  after(async () => {
    for (const each of runs) each.kill();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("lists the channels", async () => {
    assert.deepEqual(await run("channels"), { code: 0, stdout: "#general\n", stderr: "" });
    assert.deepEqual(
      objects(await run("channels", "--json")).map(({ name }) => name),
      ["general"],
    );
  });

  it("posts piped lines, which tail and history give in their order", async () => {
    const tail = start("tail", "general", "--json", "--from-start", "--count", String(lineCount));
    await tail.printed("membersJoined");
    const posted = await startWith(`${lines.join("\n")}\n`, "post", "general", "--json").ended;
    assert.equal(posted.code, 0, posted.stderr);
    const answers = objects(posted);
    const { posted: count, refused, emptyLines } = answers.pop()!;
    assert.deepEqual({ count, refused, emptyLines }, { count: lineCount, refused: 0, emptyLines: 0 });
    assert.deepEqual(
      answers.map(({ line }) => line),
      lines.map((_, i) => i + 1),
    );

    const tailed = await tail.ended;
    assert.equal(tailed.code, 0, tailed.stderr);
    const messages = objects(tailed).filter((event) => "messagePosted" in event);
    assert.deepEqual(messages.map(textOf), lines);
    assert.deepEqual(
      messages.map(({ seq }) => seq),
      answers.map(({ seq }) => seq),
    );

    const history = await run("history", "#general", "--all", "--json");
    assert.deepEqual(
      objects(history).map(({ text }) => text),
      lines,
    );
    const newest = await run("history", "general", "--limit", "2");
    assert.match(newest.stdout, /^\S+ \S+ \S+: line 999\n\S+ \S+ \S+: line 1000\n$/);
  });

  it("fills what lies too far back for the gateway from history", async () => {
    const { stdout } = await run("tail", "general", "--json", "--since", "2", "--count", String(lineCount));
    assert.deepEqual(objects({ stdout }).map(textOf), lines);
  });

  it("names the lines that are refused and posts the others", async () => {
    const long = "x".repeat(textCodePointsMax + 1);
    const { code, stderr } = await startWith(`before\n\n${long}\nafter`, "post", "general").ended;
    assert.equal(code, 1);
    assert.match(stderr, /^confab: line 3: .* \(msg_too_long\): x+…$/m);
    assert.match(stderr, /^posted 2 messages in .*, 1 refused, 1 empty line skipped$/m);
    const { stdout } = await run("history", "general", "--limit", "2", "--json");
    assert.deepEqual(
      objects({ stdout }).map(({ text }) => text),
      ["before", "after"],
    );
  });

  it("posts a text of several lines as one message, and indents it when it shows it", async () => {
    assert.equal((await run("post", "general", "one\ntwo")).code, 0);
    assert.match((await run("history", "general", "--limit", "1")).stdout, /: one\n {4}two\n$/);
  });

  it("says which channel it does not know", async () => {
    for (const command of ["post", "tail", "history"]) {
      const { code, stdout, stderr } = await run(command, "nowhere");
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, /^confab: .+ \(channel_not_found\)\n$/);
    }
  });

  it("ends tail with exit code 1 when fewer messages came in time", async () => {
    const short = await run("tail", "general", "--count", "1", "--timeout", "0.2");
    assert.deepEqual(short, { code: 1, stdout: "", stderr: "" });
  });

  it("ends tail in order when it is interrupted or nobody reads on", async () => {
    const interrupted = start("tail", "general", "--from-start");
    await interrupted.printed("line 1000");
    interrupted.interrupt();
    assert.deepEqual(pick(await interrupted.ended), { code: 0, stderr: "" });
    const unread = start("tail", "general", "--from-start");
    await unread.printed("joined");
    unread.closeOutput();
    await run("post", "general", "nobody reads this");
    assert.deepEqual(pick(await unread.ended), { code: 0, stderr: "" });
  });

  it("tells wrong usage by exit code 2", async () => {
    for (const args of [["bogus"], ["tail"], ["tail", "general", "--count", "0"], ["post", "a", "b", "c"]]) {
      const { code, stderr } = await run(...args);
      assert.equal(code, 2);
      assert.match(stderr, /^error: /);
    }
  });

  it("goes on where it was when the server is killed and comes back elsewhere", async () => {
    const [newest] = objects(await run("history", "general", "--limit", "1", "--json"));
    const tail = start("tail", "general", "--json", "--since", String(newest?.seq), "--count", "2");
    const post = startWith(undefined, "post", "general", "--json");
    post.write("before the crash\n");
    await Promise.all([tail.printed("before the crash"), post.printed('"line":1')]);
    await server.kill();
    post.write("after the crash\n", true);
    await server.start();
    assert.equal((await post.ended).code, 0);
    const { code, stdout, stderr } = await tail.ended;
    assert.equal(code, 0, stderr);
    assert.match(stderr, /reconnecting\n(.*\n)*confab: connected again\n$/);
    const messages = objects({ stdout }).filter((event) => "messagePosted" in event);
    assert.deepEqual(messages.map(textOf), ["before the crash", "after the crash"]);
  });

  it("says so when no server runs", async () => {
    await server.close();
    const { code, stderr } = await run("channels");
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^confab: no Confab server is running for .+; start it with `npm start -- --data .+`/,
    );
  });
});

type Json = Record<string, unknown>;

function objects({ stdout }: Pick<Ended, "stdout">): Json[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

function textOf({ messagePosted }: Json): unknown {
  return Object(messagePosted).text;
}

function pick({ code, stderr }: Ended) {
  return { code, stderr };
}
