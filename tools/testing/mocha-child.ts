// Runs all compiled tests, or those of a folder, in this process, which tells the one that started it how it
// goes. It ends by itself once nothing is open any more: so what a test leaves open shows.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Mocha from "mocha";
import type { FromTests, ToTests } from "./messages.js";
import { Reporter } from "./reporter.js";

const testMsMax = 10_000;

function compiledTests(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".test.js")).map((file) => join(folder, file));
}

function answer(question: ToTests): void {
  if (question !== "what is open?") return;
  const handles = process
    .getActiveResourcesInfo()
    .filter((name) => name !== "PipeWrap" && name !== "TTYWrap");
  process.send?.({ event: "open", handles } satisfies FromTests);
}

const { values } = parseArgs({
  options: { grep: { type: "string" }, folder: { type: "string", default: "" } },
});
const mocha = new Mocha({ timeout: testMsMax, reporter: Reporter, forbidOnly: true, grep: values.grep });
for (const file of compiledTests(join("dist", values.folder)).sort()) mocha.addFile(file);
process.on("message", answer);
process.channel?.unref();
await mocha.loadFilesAsync();
mocha.run((failures) => {
  process.exitCode = failures > 0 ? 1 : 0;
});
