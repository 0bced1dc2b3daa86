import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ChannelId } from "../../ids/ids.js";
import { readAll } from "../suite/samples.js";
import { openSqliteStore } from "./sqlite-store.js";
import { temporaryFolder } from "./temporary-folder.js";

const appendUntilKilled = fileURLToPath(new URL("./append-until-killed.js", import.meta.url));
/** Acknowledged appends after which the process is killed. */
const appendsBeforeKill = 1000;

describe("a killed store in SQLite", () => {
  const temporary = temporaryFolder();

  it("has every append that was acknowledged, and each append whole", async () => {
    const acknowledged = await killWhileAppending(temporary.path);
    assert.ok(acknowledged.size > 1);
    const store = await openSqliteStore({ folder: temporary.path });
    for (const [channel, last] of acknowledged) {
      const rows = await readAll(store, channel);
      assert.ok(rows.length >= last, `${channel} has ${rows.length} rows; ${last} were acknowledged`);
      assert.equal(rows.length % 3, 0);
      rows.forEach((row, at) => {
        assert.equal(row.seq, at + 1);
      });
    }
    await store.close();
  }).timeout(30_000);
});

/** Lets another process append until it is killed. Returns the last acknowledged `seq` of each channel. */
async function killWhileAppending(folder: string): Promise<Map<ChannelId, number>> {
  const child = spawn(process.execPath, [appendUntilKilled, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const acknowledged = new Map<ChannelId, number>();
  const exit = once(child, "exit");
  let appends = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [channel, seq] = line.split(" ");
    acknowledged.set(channel as ChannelId, Number(seq));
    if (++appends === appendsBeforeKill) child.kill("SIGKILL");
  }
  assert.deepEqual(await exit, [null, "SIGKILL"]);
  return acknowledged;
}
