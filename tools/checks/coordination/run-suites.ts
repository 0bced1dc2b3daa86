import Mocha from "mocha";

/** How many tests came out in which way. */
export interface SuiteTally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const testMsMax = 40_000;

/** Runs compiled test files in this process; `told` hears of every test that did not pass. */
export async function runSuites(files: readonly URL[], told: (words: string) => void): Promise<SuiteTally> {
  const mocha = new Mocha({ timeout: testMsMax, reporter: Mocha.reporters.Base, forbidOnly: true });
  for (const file of files) mocha.addFile(file.pathname);
  await mocha.loadFilesAsync();
  const tally = { passed: 0, failed: 0, skipped: 0 };
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on("pass", () => tally.passed++);
    runner.on("pending", () => tally.skipped++);
    runner.on("fail", (test, error: Error) => {
      tally.failed++;
      told(`${test.fullTitle()}: ${error.message}`);
    });
  });
  return tally;
}
