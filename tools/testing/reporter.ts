import Mocha from "mocha";
import type { FromTests } from "./messages.js";

const { EVENT_RUN_END, EVENT_SUITE_END, EVENT_SUITE_BEGIN, EVENT_TEST_BEGIN } = Mocha.Runner.constants;
const { EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } = Mocha.Runner.constants;

/** Prints a line for each outermost suite, then the failures, and tells the parent process how it went. */
export class Reporter extends Mocha.reporters.Base {
  private readonly failed: Mocha.Test[] = [];
  private readonly tally = { passed: 0, failed: 0, skipped: 0 };
  private begun = { at: 0, ...this.tally };
  private depth = 0;

  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.on(EVENT_SUITE_BEGIN, (suite) => {
      if (!suite.root && ++this.depth === 1) this.begun = { at: performance.now(), ...this.tally };
    });
    runner.on(EVENT_SUITE_END, (suite) => {
      if (!suite.root && --this.depth === 0) this.describe(suite.title);
    });
    runner.on(EVENT_TEST_BEGIN, (test) => tell({ event: "running", title: test.fullTitle() }));
    runner.on(EVENT_TEST_PASS, () => this.tally.passed++);
    runner.on(EVENT_TEST_PENDING, () => this.tally.skipped++);
    runner.on(EVENT_TEST_FAIL, (test) => {
      this.tally.failed++;
      this.failed.push(test);
    });
    runner.on(EVENT_RUN_END, () => this.end());
  }

  private describe(title: string): void {
    const { at, ...before } = this.begun;
    const passed = this.tally.passed - before.passed;
    const failed = this.tally.failed - before.failed;
    const skipped = this.tally.skipped - before.skipped;
    if (passed + failed + skipped === 0) return;
    const counts = [`${passed} passed`, failed && `${failed} FAILED`, skipped && `${skipped} skipped`];
    const ms = Math.round(performance.now() - at);
    console.log(`${failed ? "FAIL" : "ok  "} ${title} (${counts.filter(Boolean).join(", ")}, ${ms} ms)`);
  }

  private end(): void {
    if (this.failed.length > 0) Mocha.reporters.Base.list(this.failed);
    tell({ event: "done", tally: this.tally });
  }
}

function tell(message: FromTests): void {
  process.send?.(message);
}
