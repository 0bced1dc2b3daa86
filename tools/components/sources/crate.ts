import { chmodSync, copyFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { checkHash, sha256Of } from "../hashes.js";
import { runTool } from "../run-tool.js";
import type { Fill } from "./source.js";

const metadataSchema = z.object({
  packages: z.array(z.object({ name: z.string(), manifest_path: z.string() })),
});

/** A binary that a crate of Rust carries; nothing is compiled. */
export function crate(file: string): Fill {
  return async ({ build, scratch, folder, say }) => {
    say(`fetching ${build.package} ${build.version} by cargo`);
    const manifest = `[package]\nname = "fetch"\nversion = "0.0.0"\n[lib]\npath = "lib.rs"\n[dependencies]\n`;
    writeFileSync(join(scratch, "Cargo.toml"), `${manifest}${build.package} = "=${build.version}"\n`);
    writeFileSync(join(scratch, "lib.rs"), "");
    await runTool("cargo", ["fetch", "--quiet"], { cwd: scratch });
    const metadata = await runTool("cargo", ["metadata", "--format-version", "1", "--offline"], {
      cwd: scratch,
    });
    const { packages } = metadataSchema.parse(JSON.parse(metadata));
    const found = packages.find(({ name }) => name === build.package);
    if (!found) throw new Error(`cargo fetched no ${build.package}`);
    const archive = archiveOf(dirname(found.manifest_path));
    checkHash(build, await sha256Of(archive));
    // What cargo has unpacked may have been changed since: what was checked is unpacked again.
    await runTool("tar", ["-xzf", archive, "-C", scratch], { cwd: scratch });
    const binary = join(folder, basename(file));
    copyFileSync(join(scratch, basename(archive, ".crate"), file), binary);
    chmodSync(binary, 0o755);
  };
}

/** Cargo keeps the archive of `registry/src/INDEX/CRATE` at `registry/cache/INDEX/CRATE.crate`. */
function archiveOf(unpacked: string): string {
  const index = dirname(unpacked);
  const registry = dirname(dirname(index));
  return join(registry, "cache", basename(index), `${basename(unpacked)}.crate`);
}
