import { readdirSync } from "node:fs";
import { join } from "node:path";
import { checkHash, sha256Of } from "../hashes.js";
import { runTool } from "../run-tool.js";
import type { Fill } from "./source.js";

/** All files of a package of npm; none of its scripts is run. */
export const npmPackage: Fill = async ({ build, scratch, folder, say }) => {
  say(`fetching ${build.package} ${build.version} by npm`);
  await runTool("npm", ["pack", "--silent", `${build.package}@${build.version}`], { cwd: scratch });
  const [archive = ""] = readdirSync(scratch).filter((one) => one.endsWith(".tgz"));
  checkHash(build, await sha256Of(join(scratch, archive)));
  await runTool("tar", ["-xzf", join(scratch, archive), "-C", folder, "--strip-components=1"], {
    cwd: scratch,
  });
};
