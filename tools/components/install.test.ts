import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
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
    // No process has the greatest id that there can be; one with our own id may have been here before.
    for (const pid of [2 ** 31 - 1, process.pid]) {
      writeFileSync(`${target}.lock`, JSON.stringify({ pid, began: "long ago", token: "a" }));
      assert.equal(await install(target, () => assert.fail("it waits"), fill("whole")), false);
      rmSync(target, { recursive: true });
    }
  });

  it("does not take something else for a lock", async () => {
    await assert.rejects(install(target, silent, () => Promise.reject(new Error("the folder is there now"))));
    writeFileSync(`${target}.lock`, "");
    await assert.rejects(install(target, silent, fill("whole")), /is no lock of this program/);
    rmSync(`${target}.lock`);
    await install(target, silent, fill("whole"));
  });

  it("clears away what was left of a try that was killed", async () => {
    mkdirSync(join(cache, "thing", ".getting-1.0-here-abc"), { recursive: true });
    mkdirSync(join(cache, "thing", ".getting-2.0-here-abc"));
    await install(target, silent, fill("whole"));
    assert.deepEqual(readdirSync(join(cache, "thing")).sort(), [".getting-2.0-here-abc", "1.0-here"]);
  });
});
