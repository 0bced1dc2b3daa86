import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataFiles, formatAnnouncement } from "../../../lib/local/data-files.js";
import { LocalServer, type Ready } from "../../../tools/checks/local-server.js";
import { TlsFront } from "../../../tools/testing/tls-front.js";
import { runInProcess } from "./in-process.js";

describe("the command line tool and certificates", function () {
  this.timeout(60_000);
  let folder: string;
  let server: LocalServer;
  let front: TlsFront;
  let ready: Ready;
  let addresses: { url: string; ws: string; grpc: string };
  let authority: string;

  const run = (args: readonly string[], input = "") =>
    runInProcess({ folder: join(folder, "settings"), token: undefined }, args, input);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "confab-cli-tls-"));
    server = new LocalServer(join(folder, "data"));
    ready = await server.start();
    front = await TlsFront.open(join(folder, "authority"));
    const { ca: _ca, ...plain } = await front.before(ready);
    addresses = plain;
    authority = join(folder, "authority", "authority.pem");
  });
  after(async () => {
    await front?.close();
    await server?.close();
    await rm(folder, { recursive: true });
  });

  /** A folder as a mesh leaves it. */
  const announce = async (name: string, ca?: string) => {
    const data = join(folder, name);
    await mkdir(data);
    const announcement = { ...addresses, pid: process.pid, ...(ca !== undefined && { ca }) };
    await writeFile(dataFiles(data).announcement, formatAnnouncement(announcement));
    await writeFile(dataFiles(data).token, `${ready.token}\n`);
    return data;
  };

  it("believes the authority that a server on this machine announces", async () => {
    const data = await announce("mesh", authority);
    assert.equal((await run(["post", "general", "over TLS", "--data", data])).code, 0);
    const { code, stdout, stderr } = await run([
      "tail",
      "general",
      "--from-start",
      "--count",
      "1",
      "--data",
      data,
    ]);
    assert.deepEqual([code, stdout.includes("over TLS")], [0, true], stderr);
  });

  it("says what is wrong where none is announced, or one that is not there", async () => {
    const none = await run(["channels", "--data", await announce("none")]);
    assert.equal(none.code, 1);
    assert.match(
      none.stderr,
      /^confab: the certificate of https:\S+ is not trusted: .+ \(invalid_argument\)\n$/,
    );
    const gone = await run(["channels", "--data", await announce("gone", join(folder, "gone.pem"))]);
    assert.match(gone.stderr, /^confab: .+gone\.pem, cannot be read \(ENOENT\) \(invalid_argument\)\n$/);
  });

  it("keeps the authority of a login, and takes nothing else for one", async () => {
    const { url } = addresses;
    const bare = await run(["login", url], ready.token);
    assert.match(bare.stderr, /certificate of https:\S+ is not trusted/);
    const key = join(folder, "authority", "authority-key.pem");
    const torn = join(folder, "torn.pem");
    await writeFile(torn, (await readFile(authority, "utf8")).replace(/\n[A-Za-z0-9+/=]{4}/, "\n????"));
    for (const [file, words] of [
      [key, /holds no certificate in PEM/],
      [torn, /holds what is no certificate/],
    ] as const) {
      assert.match((await run(["login", url, "--ca", file], ready.token)).stderr, words);
    }
    const login = join(folder, "settings", "login.json");
    await assert.rejects(readFile(login));

    const { code, stderr } = await run(["login", url, "--ca", authority], ready.token);
    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(await readFile(login, "utf8")).ca, front.ca);
    assert.equal((await run(["channels"])).stdout, "#general\n");
    await run(["logout"]);
  });
});
