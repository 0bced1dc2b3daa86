// Sets the checkout up as far as needed (dependencies, generated code, compilation), then runs a compiled
// program in this same process: `node tools/run.mjs [PROGRAM [ARGUMENT …]]`. Its own words go to stderr.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(root, ...parts);

const steps = [
  {
    name: "installing dependencies",
    inputs: ["package.json", "package-lock.json", ".npmrc"],
    stamp: "node_modules/.confab-stamp",
    run: () => execute("npm", ["install", "--no-save", "--loglevel=error"]),
  },
  {
    name: "generating code from proto/",
    inputs: ["package-lock.json", "buf.yaml", "buf.gen.yaml", "proto/"],
    stamp: "gen/.confab-stamp",
    run: () => {
      execute(at("node_modules/.bin/buf"), ["generate"]);
      execute(at("node_modules/.bin/buf"), ["build", "--output", "gen/descriptors.binpb"]);
    },
  },
  {
    name: "compiling",
    inputs: [
      ...["package-lock.json", "tsconfig.json", "buf.gen.yaml", "proto/"],
      ...["lib/", "services/", "clients/", "tests/", "tools/", "bench/"],
    ],
    stamp: "dist/.confab-stamp",
    run: () => {
      rmSync(at("dist"), { recursive: true, force: true });
      execute(at("node_modules/.bin/tsc"), ["--project", "tsconfig.json"]);
    },
  },
];

function execute(command, args) {
  const done = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2] });
  if (done.error) throw done.error;
  if (done.status !== 0) {
    console.error(`confab: ${command} ${args.join(" ")} failed (exit code ${done.status})`);
    process.exit(1);
  }
}

/** Hash over the platform and the inputs: files, or folders (ending in `/`) with their sources. */
function fingerprint(inputs) {
  const hash = createHash("sha256").update(`${process.version} ${process.platform} ${process.arch}`);
  for (const file of inputs.flatMap(sources)) hash.update(`\0${file}\0`).update(readFileSync(at(file)));
  return hash.digest("hex");
}

function sources(input) {
  if (!input.endsWith("/")) return [input];
  if (!existsSync(at(input))) return [];
  const files = readdirSync(at(input), { recursive: true }).filter((file) => /\.(ts|json|proto)$/.test(file));
  return files.sort().map((file) => join(input, file));
}

function pending() {
  return steps.find((step) => {
    const stamp = at(step.stamp);
    return !existsSync(stamp) || readFileSync(stamp, "utf8") !== fingerprint(step.inputs);
  });
}

/** One set-up at a time: a second one waits for the first, unless that one died. */
function withLock(work) {
  const lock = at(".setup-lock");
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      if (!isAlive(lock)) rmSync(lock, { force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  try {
    work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function isAlive(lock) {
  try {
    process.kill(Number(readFileSync(lock, "utf8")), 0);
    return true;
  } catch (error) {
    return error.code === "EPERM" || error.code === "ENOENT";
  }
}

function setUp() {
  for (let step = pending(); step; step = pending()) {
    console.error(`confab: ${step.name} …`);
    step.run();
    mkdirSync(dirname(at(step.stamp)), { recursive: true });
    writeFileSync(at(step.stamp), fingerprint(step.inputs));
  }
}

if (pending()) withLock(setUp);
const [program, ...args] = process.argv.slice(2);
if (program) {
  const file = at("dist", program);
  process.argv = [process.argv[0], file, ...args];
  await import(pathToFileURL(file));
}
