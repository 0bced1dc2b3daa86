// `npm run mesh`: every service as processes of its own behind Envoy, with etcd, Cassandra and Jaeger, on
// this machine. `npm run mesh -- --help` names the options and what else it does.
import { Command, InvalidArgumentError, Option } from "commander";
import { dataFolderDefault } from "../../lib/local/data-files.js";
import { Mesh } from "./mesh.js";
import { type RunFlags, run } from "./run.js";
import { edgePortDefault, samplingDefault } from "./settings.js";
import { formatStatus, isWhole } from "./status.js";

interface FolderFlags {
  readonly data: string;
}

function parseNumber(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (/^\d+(\.\d+)?$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`not a number from ${least} to ${most}.`);
  };
}

function parseCount(text: string): number {
  const value = parseNumber(1, 16)(text);
  if (Number.isInteger(value)) return value;
  throw new InvalidArgumentError("not a whole number.");
}

const dataOption = () =>
  new Option("--data <folder>", "where it keeps everything, below mesh/").default(dataFolderDefault);
const meshOf = ({ data }: FolderFlags) => new Mesh(data, (line) => console.error(`confab: ${line}`));

/** Does something; a failure is told in a line, and by the exit code. */
function told<Args extends unknown[]>(work: (...args: Args) => Promise<void> | void) {
  return async (...args: Args) => {
    try {
      await work(...args);
    } catch (error) {
      console.error(`confab: ${error instanceof Error ? error.message : error}`);
      process.exitCode = 1;
    }
  };
}

const program = new Command("mesh").usage("[COMMAND] [OPTION …]").showHelpAfterError().helpCommand(false);
program.enablePositionalOptions();
program.description("Without a command: starts a mesh, and ends it on Ctrl-C.");
program
  .addOption(dataOption())
  .option(
    "--port <number>",
    "where Envoy takes clients; 0 for a free port",
    parseNumber(0, 65_535),
    edgePortDefault,
  )
  .option("--charms <count>", "how many charms", parseCount)
  .option("--channels <count>", "how many channel servers", parseCount)
  .option("--admins <count>", "how many admins", parseCount)
  .option("--gateways <count>", "how many gateways", parseCount)
  .option("--webs <count>", "how many webs", parseCount)
  .addOption(new Option("--etcds <count>", "how many members of etcd").choices(["1", "3"]))
  .option("--otlp <url>", "collector of traces (OTLP by gRPC), as http://HOST:PORT, instead of Jaeger")
  .option("--no-jaeger", "run without Jaeger")
  .option(
    "--sampling <percent>",
    "of the requests that come without a trace, so many are traced",
    parseNumber(0, 100),
    samplingDefault,
  )
  .option(
    "--cassandra <addresses>",
    "nodes of a Cassandra that is there, as host:port, …, instead of an own one",
  )
  .option("--keyspace <name>", "its tables in that Cassandra", "confab")
  .option("--fresh", "remove what this folder's mesh has kept")
  .option("--detach", "leave it running; `stop` ends it")
  .option("--json", "say where everything is in one line of JSON")
  .action(told((flags: RunFlags & FolderFlags) => run(meshOf(flags), flags)));

program
  .command("status")
  .description("tells what runs; the exit code is 1 unless all of it does")
  .addOption(dataOption())
  .option("--json", "as JSON")
  .action(
    told((flags: FolderFlags & { json?: boolean }) => {
      const processes = meshOf(flags).status();
      const whole = isWhole(processes);
      console.log(flags.json ? JSON.stringify({ whole, processes }) : formatStatus(processes));
      if (!whole) process.exitCode = 1;
    }),
  );
program
  .command("stop")
  .description("ends all processes in order, whoever started them")
  .addOption(dataOption())
  .action(
    told(async (flags: FolderFlags) => {
      const ended = await meshOf(flags).stop();
      console.log(ended.length > 0 ? `ended ${ended.length} processes` : "no mesh runs in this folder");
    }),
  );

const oneProcess = (name: string, about: string, work: (mesh: Mesh, name: string) => Promise<void> | void) =>
  program
    .command(name)
    .argument("<name>", "of the process, as `status` has it")
    .description(about)
    .addOption(dataOption())
    .action(told((which: string, flags: FolderFlags) => work(meshOf(flags), which)));
oneProcess("kill", "ends one process at once (kill -9)", (mesh, name) => mesh.kill(name));
oneProcess("start", "starts one that has ended, at its place", (mesh, name) => mesh.startAgain(name));
oneProcess("restart", "ends one in order and starts it again", (mesh, name) => mesh.restart(name));
oneProcess("pause", "stops one from doing anything", (mesh, name) => mesh.pause(name));
oneProcess("resume", "has one go on that was paused", (mesh, name) => mesh.resume(name));

await program.parseAsync();
