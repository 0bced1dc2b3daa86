import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalServer } from "../../../tools/checks/local-server.js";
import { CliRun } from "./run-cli.js";

describe("a conversation by the command line tool", function () {
  this.timeout(120_000);
  let folder: string;
  let server: LocalServer;
  const runs: CliRun[] = [];

  /** Runs as whom the token names, or as the data folder's user. */
  const runAs = async (token: string, ...args: string[]) => {
    const run = new CliRun([...args, "--data", folder], "", { CONFAB_TOKEN: token });
    runs.push(run);
    return run.ended;
  };
  const printed = async (token: string, ...args: string[]) => {
    const { code, stdout, stderr } = await runAs(token, ...args);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const objects = async (token: string, ...args: string[]): Promise<Json[]> =>
    (await printed(token, ...args, "--json"))
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  const assertRefused = async (error: string, token: string, ...args: string[]) => {
    const { code, stdout, stderr } = await runAs(token, ...args);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr, new RegExp(`^confab: .+ \\(${error}\\)\\n$`));
  };
  const namesOf = async (channel: string) =>
    (await objects("", "members", channel)).map(({ name }) => name).sort();

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

  it("goes from making users to deleting a message", async () => {
    const [me] = await objects("", "users");
    const ada = (await printed("", "users", "create", "ada")).trimEnd();
    const [eve] = await objects("", "users", "create", "eve", "--bot");
    const bot = String(eve?.token);
    assert.match(await printed("", "users"), /^ada {2}U\w{12}$/m);
    assert.match(await printed("", "users"), /^eve {2}B\w{12} {2}\(bot\)$/m);
    await assertRefused("name_taken", "", "users", "create", "ada");
    await assertRefused("invalid_auth", "nonsense", "users");

    const [club] = await objects("", "create", "club", "--private", "--topic", "Books");
    const clubId = String(club?.id);
    await printed("", "create", "open");
    assert.equal(await printed("", "channels"), "#general\n#open\n#club  Books\n");
    assert.equal(await printed(ada, "channels"), "#general\n#open\n");
    await assertRefused("channel_not_found", ada, "join", clubId);
    await assertRefused("user_not_found", "", "invite", "club", "ada", "nobody");
    assert.deepEqual(await namesOf("club"), [me?.name]);
    await printed("", "invite", "#club", "@ada", String(eve?.id));
    assert.deepEqual(await namesOf(clubId), ["ada", "eve", me?.name].sort());
    const [joined] = await objects(ada, "join", "open");
    assert.equal(joined?.seq, 3);
    assert.deepEqual(await namesOf("open"), ["ada", me?.name].sort());

    await printed(ada, "post", "club", "Shall we?");
    const [message] = await objects("", "history", "club");
    const [id, ts] = [String(message?.id), String(message?.ts)];
    assert.match(
      await printed("", "history", "club", "--ids"),
      new RegExp(`^${ts} {2}\\S+ \\S+ ada: Shall we\\?\n$`),
    );
    await printed(bot, "thread", "club", ts, "beep");
    const [reply] = await objects("", "thread", "club", id, "Yes!");
    assert.match(
      await printed(ada, "thread", "club", id, "--ids"),
      new RegExp(`^${ts}.* ada: Shall we\\? \\[2 in thread\\]\n.* eve: beep\n${reply?.ts} .*: Yes!\n$`),
    );

    await printed("", "react", "club", ts, ":tada:");
    await printed(bot, "react", "club", id, "tada");
    await assertRefused("already_reacted", bot, "react", "club", id, "tada");
    await printed("", "react", "club", id, "tada", "--off");
    await assertRefused("no_reaction", "", "react", "club", id, "tada", "--off");
    await printed(ada, "edit", "club", ts, "Shall we begin?");
    assert.match(
      await printed("", "history", "club"),
      /^\S+ \S+ ada: Shall we begin\? \[edited, 2 in thread, :tada: 1\]\n$/,
    );

    const deletion = await runAs("", "delete", "club", ts);
    assert.equal(deletion.code, 1, "only its author deletes a message");
    await printed(ada, "delete", "club", ts);
    assert.match(await printed("", "history", "club"), /^\S+ \S+ ada: \(deleted\) /);

    await assertRefused("restricted_action", bot, "remove", "club", "ada");
    await printed("", "remove", "club", "ada");
    await assertRefused("channel_not_found", ada, "history", "club");
    await printed(bot, "leave", "club");
    assert.deepEqual(await namesOf("club"), [me?.name]);
  });

  it("takes nothing else for a message", async () => {
    const { code, stderr } = await runAs("", "delete", "general", "last");
    assert.equal(code, 2);
    assert.match(stderr, /^error: .*'last' is invalid.* Not a message's id/);
  });
});

type Json = Record<string, unknown>;
