import { readdirSync } from "node:fs";
import { join } from "node:path";
import Mocha from "mocha";

const testMsMax = 60_000;

/** How many tests of a store passed and failed. */
export interface SuiteResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Names of those that failed, with why. */
  readonly failures: readonly string[];
}

/** Runs the compiled tests of a store's folder in this process. */
export async function runSuite(folder: string): Promise<SuiteResult> {
  // The base of reporters says nothing: the check does.
  const mocha = new Mocha({ timeout: testMsMax, reporter: Mocha.reporters.Base });
  const files = readdirSync(folder).filter((file) => file.endsWith(".test.js"));
  for (const file of files.sort()) mocha.addFile(join(folder, file));
  await mocha.loadFilesAsync();
  const [counts, failures] = [{ passed: 0, skipped: 0 }, [] as string[]];
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on("pass", () => void counts.passed++);
    runner.on("pending", () => void counts.skipped++);
    runner.on("fail", (test, error) => void failures.push(`${test.fullTitle()}: ${error.message}`));
  });
  return { ...counts, failed: failures.length, failures };
}
