import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const worker = fileURLToPath(new URL("./scenario-worker.js", import.meta.url));

/**
 * Runs a scenario with a deliberate bug, in a process of its own. What broke, in words; empty if nothing did.
 */
export async function runScenario(name: string, mutation: string): Promise<string> {
  const child = fork(worker, [name, mutation]);
  const exit = once(child, "exit");
  const died = exit.then(([code]) => {
    throw new Error(`the process that ran a scenario ended with code ${code}`);
  });
  const [broken] = await Promise.race([once(child, "message"), died]);
  await exit;
  return String(broken);
}
