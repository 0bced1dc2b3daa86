import type { TargetName } from "../../tests/e2e/target/target.js";
import type { MochaRun } from "./run-mocha.js";

/** The end-to-end tests against one target. */
export function endToEnd(
  target: TargetName,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Pick<MochaRun, "args" | "environment"> {
  return { args: ["--folder", "tests/e2e", ...args], environment: { ...environment, TEST_TARGET: target } };
}
