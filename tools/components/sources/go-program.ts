import { chmodSync, cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { checkHash } from "../hashes.js";
import { runTool } from "../run-tool.js";
import type { Fill } from "./source.js";

const moduleSchema = z.object({ Dir: z.string(), Sum: z.string() });

/** One build at a time: each takes all processors. */
let building: Promise<unknown> = Promise.resolve();

/**
 * A program that is built from a Go module. It is built in a copy of the module, under the module's own
 * go.mod and go.sum: so what it depends on is pinned by the module, whose own sum the lock file pins, and
 * modules with `replace` directives can be built too.
 *
 * @param program folder of the program in the module
 * @param binary what the program is called
 */
export function goProgram(program: string, binary: string): Fill {
  return async ({ build, scratch, folder, say }) => {
    say(`fetching ${build.package} ${build.version} by go`);
    const name = `${build.package}@v${build.version}`;
    const found = await runTool("go", ["mod", "download", "-json", name], { cwd: scratch });
    const { Dir, Sum } = moduleSchema.parse(JSON.parse(found));
    checkHash(build, Sum);
    const copy = join(scratch, "module");
    cpSync(Dir, copy, { recursive: true });
    makeWritable(copy);
    const mine = building.then(() => compile(copy, program, join(folder, binary), say));
    building = mine.catch(() => {});
    await mine;
  };
}

async function compile(
  cwd: string,
  program: string,
  target: string,
  say: (line: string) => void,
): Promise<void> {
  say("building; this takes minutes where nothing of it was built before");
  const args = ["build", "-mod=readonly", "-trimpath", "-ldflags", "-s -w", "-o", target, program];
  await runTool("go", args, { cwd, env: { CGO_ENABLED: "0", GOFLAGS: "-buildvcs=false", GOWORK: "off" } });
}

/** Go keeps modules without write bits, so that even their copies could not be removed. */
function makeWritable(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) makeWritable(join(folder, entry.name));
  }
}
