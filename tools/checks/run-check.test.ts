import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import type { Check, CheckContext } from "./check.js";
import { runCheck } from "./run-check.js";

const make = (run: (context: CheckContext) => Promise<boolean>): Check => ({
  name: "sample",
  about: "",
  flags: {},
  run: async (context) => ({ ok: await run(context), figures: { posts: 3 } }),
});

describe("runCheck", () => {
  const never = new AbortController().signal;

  it("closes with the outcome and removes the folder", async () => {
    let folder = "";
    const lines: unknown[] = [];
    const check = make(async (context) => {
      folder = context.folder;
      context.progress("working", { posts: 1 });
      return existsSync(folder);
    });
    const last = await runCheck(check, {}, never, (line) => lines.push(line));
    assert.deepEqual({ ...last, seconds: 0 }, { check: "sample", ok: true, seconds: 0, posts: 3 });
    assert.equal(lines.length, 1);
    assert.equal(existsSync(folder), false);
  });

  it("is not ok when the check throws, and closes what was opened, last first", async () => {
    const closed: string[] = [];
    const check = make(async ({ defer }) => {
      defer(() => void closed.push("first"));
      defer(() => void closed.push("second"));
      throw new Error("no server");
    });
    const last = await runCheck(check, {}, never, () => {});
    assert.equal(last.ok, false);
    assert.equal(last.error, "no server");
    assert.deepEqual(closed, ["second", "first"]);
  });

  it("ends and cleans up when interrupted", async () => {
    const stop = new AbortController();
    let closed = false;
    const check = make(({ defer }) => {
      defer(() => {
        closed = true;
      });
      stop.abort();
      return new Promise(() => {});
    });
    const last = await runCheck(check, {}, stop.signal, () => {});
    assert.equal(last.ok, false);
    assert.equal(closed, true);
  });
});
