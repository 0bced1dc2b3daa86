import assert from "node:assert/strict";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalServer, type Ready } from "../../../tools/checks/local-server.js";
import { runInProcess } from "./in-process.js";
import { CliRun } from "./run-cli.js";

describe("logging in by the command line tool", function () {
  this.timeout(120_000);
  let folder: string;
  let home: string;
  let server: LocalServer;
  let ready: Ready;
  const runs: CliRun[] = [];

  /** Runs in a process of its own, with nothing of the user's own. */
  const runAlone = (args: readonly string[], { input = "", variables = {} } = {}) => {
    const own = { HOME: home, XDG_CONFIG_HOME: join(home, "settings"), ...variables };
    const run = new CliRun(args, input, own);
    runs.push(run);
    return run.ended;
  };
  const run = (args: readonly string[], { input = "", token }: Given = {}) =>
    runInProcess({ folder: configFolder(), token }, args, input);
  const configFolder = () => join(home, "settings", "confab");
  const loginFile = () => join(configFolder(), "login.json");
  const modeOf = async (path: string) => (await stat(path)).mode & 0o777;
  const filesOf = async (path: string) => (await readdir(path).catch(() => [])).sort();
  const logIn = async () => {
    const { code, stderr } = await run(["login", ready.url], { input: `${ready.token}\n` });
    assert.equal(code, 0, stderr);
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "confab-login-"));
    server = new LocalServer(join(folder, "data"));
    ready = await server.start();
  });
  beforeEach(async () => {
    home = await mkdtemp(join(folder, "home-"));
  });
  after(async () => {
    for (const each of runs) each.kill();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("stores the server and the token for the user alone, and says who one is now", async () => {
    await mkdir(configFolder(), { recursive: true });
    await chmod(configFolder(), 0o755);
    const { code, stdout, stderr } = await runAlone(["login", `${ready.url}/`], {
      input: `${ready.token}\n`,
    });
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, new RegExp(`^\\S+ \\(U\\w{12}\\) in .+ at ${ready.url}\n$`));
    assert.deepEqual(JSON.parse(await readFile(loginFile(), "utf8")), { url: ready.url, token: ready.token });
    assert.deepEqual([await modeOf(configFolder()), await modeOf(loginFile())], [0o700, 0o600]);
    assert.deepEqual(await filesOf(configFolder()), ["login.json"]);

    assert.equal((await runAlone(["channels"])).stdout, "#general\n");
    for (const args of [["whoami"], ["login"]]) assert.equal((await run(args)).stdout, stdout);
    const who = JSON.parse((await run(["whoami", "--json"])).stdout);
    assert.deepEqual([who.url, stdout.startsWith(who.user.name)], [ready.url, true]);

    const out = await run(["logout"]);
    assert.deepEqual([out.code, out.stderr, await filesOf(configFolder())], [0, "logged out\n", []]);
    assert.match(
      (await runAlone(["channels"])).stderr,
      /^confab: no Confab server is running for .+ \(unavailable\)\n$/,
    );
    assert.equal((await run(["logout"])).stderr, "there was no login\n");
  });

  it("stores nothing when the token is refused or is none, and keeps what was there", async () => {
    const wrong = `${ready.token.slice(0, -4)}AAAA`;
    for (const [input, code] of [
      [wrong, "invalid_auth"],
      ["", "missing_argument"],
      ["not one-word", "invalid_argument"],
    ] as const) {
      const refused = await run(["login", ready.url], { input });
      assert.deepEqual([refused.code, refused.stdout], [1, ""], input);
      assert.match(refused.stderr, new RegExp(`^confab: .+ \\(${code}\\)\n$`));
      assert.deepEqual(await filesOf(join(home, "settings")), [], input);
    }
    await logIn();
    const before = await readFile(loginFile(), "utf8");
    assert.equal((await run(["login", ready.url, "--token", wrong])).code, 1);
    assert.equal(await readFile(loginFile(), "utf8"), before);
  });

  it("never shows the token", async () => {
    const { token } = ready;
    for (const args of [
      ["login", ready.url],
      ["login", ready.url, "--token", ready.token, "--json"],
      ["login", "http://127.0.0.1:1", "--token", ready.token],
      ["login", "http://chat.example.com", "--token", ready.token],
      ["login", ready.url, "--token", `${ready.token}\n${ready.token}`],
      ["whoami", "--json"],
      ["logout"],
    ]) {
      const { stdout, stderr } = await run(args, { input: token, token });
      assert.ok(!(stdout + stderr).includes(ready.token), args[0]);
    }
    const variables = { CONFAB_TOKEN: "secret words" };
    const { code, stderr } = await runAlone(["channels"], { variables });
    assert.deepEqual([code, stderr.includes("secret")], [2, false]);
  });

  it("says what is wrong with a server, and stores nothing", async () => {
    const other = createServer((request, response) => {
      response
        .writeHead(request.url?.startsWith("/none") ? 404 : 200)
        .end(request.url === "/list/confab.v1.Directory/WhoAmI" ? "[]" : "null");
    }).listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const noServer = /does not answer as a Confab server \(unavailable\)\n$/;
    for (const [url, words] of [
      ["http://chat.example.com", /http:\/\/.+--insecure.+ \(invalid_argument\)\n$/],
      ["chat.example.com", /must begin with https:\/\/.+ \(invalid_argument\)\n$/],
      ["http://127.0.0.1:1", /http:\/\/127\.0\.0\.1:1: .+ \(unavailable\)\n$/],
      ...["", "/none", "/list"].map((path) => [`http://127.0.0.1:${port}${path}`, noServer] as const),
    ] as const) {
      const { code, stderr } = await run(["login", url], { input: ready.token });
      assert.equal(code, 1, url);
      assert.match(stderr, words);
    }
    assert.deepEqual(await filesOf(join(home, "settings")), []);
    other.close();
  });

  it("comes behind a data folder that is named, and its token behind the variable's", async () => {
    await logIn();
    const { stderr } = await run(["channels", "--data", join(home, "nothing")]);
    assert.match(stderr, /no Confab server is running for .+nothing/);
    const named = await runAlone(["channels"], { variables: { CONFAB_DATA: join(home, "nothing") } });
    assert.match(named.stderr, /no Confab server is running for .+nothing/);
    const made = await run(["users", "create", "ada"]);
    const token = made.stdout.trim();
    const ada = await runAlone(["whoami"], { variables: { CONFAB_TOKEN: token } });
    assert.match(ada.stdout, /^ada \(/);
    const again = await run(["login", ready.url], { input: ready.token, token });
    assert.equal(again.stderr, "confab: the variable CONFAB_TOKEN is set and goes before the login\n");
  });

  it("says what to do with a file that is something else", async () => {
    await logIn();
    for (const text of ["{", "null", '{"url":"https://a.example.com"}', '{"url":"chat","token":"t"}']) {
      await writeFile(loginFile(), text);
      const { code, stderr } = await run(["channels"]);
      assert.equal(code, 1);
      assert.match(
        stderr,
        /^confab: .+login\.json is not what a login writes; .+`confab logout` \(invalid_argument\)\n$/,
      );
    }
    assert.equal((await run(["logout"])).code, 0);
    assert.deepEqual(await filesOf(configFolder()), []);
  });

  it("takes a variable that it does not know for a mistake", async () => {
    const { code, stderr } = await runAlone(["whoami"], { variables: { CONFAB_TOKN: "t" } });
    assert.equal(code, 2);
    assert.match(stderr, /^confab: .+\n {2}CONFAB_TOKN: there is no such variable\n$/);
  });
});

interface Given {
  readonly input?: string;
  readonly token?: string;
}
