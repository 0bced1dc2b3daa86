import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { findComponent, howToGet } from "../tools/components/find.js";
import { needs } from "./needs.js";

const titles = z.array(z.object({ fullTitle: z.string() }));
const reportSchema = z.object({ passes: titles, failures: titles, pending: titles });
const testsMsMax = 100_000;

/** Runs the compiled tests of the gateway under another Node. */
async function runGatewayTests(node: string) {
  const args = ["--timeout", "20000", "--reporter", "json", "dist/services/gateway/**/*.test.js"];
  const child = spawn(node, ["node_modules/mocha/bin/mocha.js", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, complaints] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  const begin = output.indexOf("{\n");
  assert.ok(begin >= 0, output + complaints);
  const report = reportSchema.parse(JSON.parse(output.slice(begin)));
  const names = (tests: z.output<typeof titles>) => tests.map(({ fullTitle }) => fullTitle);
  return { passed: names(report.passes), failed: names(report.failures), skipped: names(report.pending) };
}

describe("the gateway under Node 24", function () {
  this.timeout(testsMsMax);
  const node24 = findComponent("node24");
  needs("Node 24", howToGet("node24"), () => node24 !== undefined);

  it("passes its tests, all by ws, which it has chosen by itself", async () => {
    const { passed, failed, skipped } = await runGatewayTests(join(node24!, "bin", "node"));
    assert.deepEqual([failed, skipped], [[], []]);
    assert.ok(passed.length > 100, `${passed.length} tests`);
    assert.ok(passed.some((title) => title.endsWith("by ws is refused with no ticket: 401 invalid_ticket")));
    assert.ok(passed.every((title) => !title.includes("by uws")));
    const choice = "the library that accepts sockets is ws here by itself, which one line of the log says";
    assert.ok(passed.includes(choice));
  });
});
