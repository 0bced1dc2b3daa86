import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataFiles, formatAnnouncement } from "../../../lib/local/data-files.js";
import { findServer } from "./find-server.js";

describe("findServer", () => {
  const addresses = { url: "http://a:1", ws: "ws://a:3", grpc: "a:2" };
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "confab-find-"));
    await writeFile(dataFiles(folder).token, "secret\n");
    await announce(process.pid);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const announce = (pid: number) =>
    writeFile(dataFiles(folder).announcement, formatAnnouncement({ ...addresses, pid }));
  const assertNone = (where = folder) =>
    assert.rejects(findServer(where), { code: "unavailable", message: /no Confab server .+`npm start/ });

  it("gives the address and the token of a server that runs", async () => {
    assert.deepEqual(await findServer(folder), { url: addresses.url, token: "secret" });
  });

  it("takes another token when it is told one", async () => {
    assert.equal((await findServer(folder, "other")).token, "other");
    await rm(dataFiles(folder).token);
    assert.equal((await findServer(folder, "other")).token, "other");
  });

  it("takes the announcement of a process that has ended for none", async () => {
    await announce(spawnSync(process.execPath, ["--version"]).pid);
    await assertNone();
  });

  it("finds none where a file is missing or torn, or where there is no folder", async () => {
    await assertNone(join(folder, "missing"));
    await assertNone(join(dataFiles(folder).token, "below-a-file"));
    await writeFile(dataFiles(folder).announcement, "{");
    await assertNone();
    await announce(process.pid);
    await rm(dataFiles(folder).token);
    await assertNone();
  });
});
