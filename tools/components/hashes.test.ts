import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkHash, fingerprintOf, sha256Of } from "./hashes.js";
import { buildOf, componentNames } from "./lock.js";

/** Of "abc" (FIPS 180-2, appendix B.1). */
const abcHash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

describe("the hashes of components", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "confab-hashes-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("are SHA-256", async () => {
    writeFileSync(join(folder, "abc"), "abc");
    assert.equal(await sha256Of(join(folder, "abc")), abcHash);
  });

  it("of a folder change with every name and every byte", async () => {
    mkdirSync(join(folder, "lib"));
    const seen = new Set<string>();
    for (const [name, text] of [
      ["lib/a", "abc"],
      ["lib/b", "abc"],
      ["lib/a", "abd"],
    ] as const) {
      writeFileSync(join(folder, name), text);
      seen.add(await fingerprintOf(folder));
    }
    assert.equal(seen.size, 3);
  });

  it("that are not those of the lock file are refused", () => {
    const build = { package: "thing", version: "1.0", sha256: abcHash };
    checkHash(build, abcHash);
    assert.throws(() => checkHash(build, abcHash.replace("b", "c")), /thing 1.0 has another hash/);
  });

  it("are there for every component on Linux", () => {
    for (const name of componentNames) assert.ok(buildOf(name, "linux-x64"), name);
  });
});
