import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { openSync } from "node:fs";
import { devNull } from "node:os";
import { beganAt } from "./began.js";
import { kill } from "./end.js";
import { spawnFree } from "./spawn-free.js";

/** A program that stays until it is ended. */
const staying = {
  ...{ name: "staying", command: process.execPath, args: ["-e", "setInterval(() => {}, 1000)"] },
  ...{ addresses: {}, whyNotReady: async () => undefined },
};

describe("a process that stays", () => {
  const parentOf = (pid: number) =>
    Number(spawnSync("ps", ["-o", "ppid=", "-p", String(pid)], { encoding: "utf8" }).stdout);

  for (const endsWithParent of [false, true]) {
    const what = endsWithParent ? "nobody's child if it would end with its parent" : "known by its id";
    it(`is ${what}`, async () => {
      const pid = await spawnFree({ ...staying, endsWithParent }, process.env, openSync(devNull, "w"));
      const began = beganAt(pid);
      try {
        assert(began !== undefined);
        assert.equal(parentOf(pid) === process.pid, !endsWithParent);
      } finally {
        await kill({ name: staying.name, pid, began: began ?? "", addresses: {} });
      }
      assert.equal(beganAt(pid), undefined);
    });
  }

  it("has to be a program that is there", async () => {
    const none = { ...staying, command: "no-such-program" };
    await assert.rejects(spawnFree(none, process.env, openSync(devNull, "w")), /ENOENT/);
  });
});
