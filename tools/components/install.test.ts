import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { install } from "./install.js";

describe("installing a component", () => {
  let cache: string;
  let target: string;
  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), "confab-install-"));
    target = join(cache, "thing", "1.0-here");
  });
  afterEach(() => rmSync(cache, { recursive: true, force: true }));
  const silent = () => {};
  const fill = (text: string) => async (place: { folder: string; scratch: string }) => {
    writeFileSync(join(place.scratch, "rubbish"), "");
    writeFileSync(join(place.folder, "file"), text);
    assert.equal(existsSync(target), false, "the target is there before it is complete");
  };

  it("makes the folder whole, once, and leaves nothing else", async () => {
    assert.equal(await install(target, silent, fill("first")), false);
    assert.equal(await install(target, silent, fill("second")), true);
    assert.equal(readFileSync(join(target, "file"), "utf8"), "first");
    assert.deepEqual(readdirSync(join(cache, "thing")), ["1.0-here"]);
  });

  it("leaves nothing behind when it fails, and can be done again", async () => {
    const failing = async (place: { folder: string }) => {
      writeFileSync(join(place.folder, "half"), "");
      throw new Error("the line is cut");
    };
    await assert.rejects(install(target, silent, failing), /the line is cut/);
    assert.deepEqual(readdirSync(join(cache, "thing")), []);
    await install(target, silent, fill("whole"));
    assert.deepEqual(readdirSync(target), ["file"]);
  });

  it("waits for a live process that is at it, and takes what that one made", async () => {
    let finish = () => {};
    const blocked = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const first = install(target, silent, async (place) => {
      await blocked;
      await fill("first")(place);
    });
    const second = install(target, finish, fill("second"));
    assert.deepEqual(await Promise.all([first, second]), [false, true]);
    assert.equal(readFileSync(join(target, "file"), "utf8"), "first");
  });

  it("does not wait for a process that died at it", async () => {
    await assert.rejects(install(target, silent, () => Promise.reject(new Error("the folder is there now"))));
    // No process has the greatest id that there can be.
    writeFileSync(`${target}.lock`, String(2 ** 31 - 1));
    assert.equal(await install(target, () => assert.fail("it waits"), fill("whole")), false);
  });
});
