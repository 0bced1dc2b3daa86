import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { leftovers, runVariable } from "./processes.js";

describe("leftovers", () => {
  it("name a child until it has ended", async () => {
    const child = spawn(process.execPath, ["-e", "process.stdin.resume()"]);
    await once(child, "spawn");
    assert.ok(leftovers("none").some(({ pid, command }) => pid === child.pid && command.includes("resume")));
    child.stdin.end();
    await once(child, "close");
    assert.ok(!leftovers("none").some(({ pid }) => pid === child.pid));
  });

  it("name a marked process whose parent has ended", async function () {
    if (process.platform !== "linux") return this.skip();
    const program = `
      const { spawn } = require("node:child_process");
      const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"],
        { stdio: "ignore", detached: true });
      child.unref();
      console.log(child.pid);`;
    const env = { ...process.env, [runVariable]: "orphan-test" };
    const parent = spawn(process.execPath, ["-e", program], { env });
    let printed = "";
    parent.stdout.on("data", (text) => {
      printed += text;
    });
    await once(parent, "close");
    const orphan = Number(printed);
    try {
      // Others of this run's may go on, which every mark has.
      const others = new Set(leftovers("none").map(({ pid }) => pid));
      const found = leftovers("orphan-test").map(({ pid }) => pid);
      assert.deepEqual(
        found.filter((pid) => !others.has(pid)),
        [orphan],
      );
    } finally {
      process.kill(orphan, "SIGKILL");
    }
  });
});
