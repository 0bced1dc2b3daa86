// `npm run node24`: gets Node 24 from npm into a folder for caches, so that the gateway can be tested under
// it. The package is pinned by its hash, and what is half there is never taken for the whole.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { findNode24, node24Folder, node24Package } from "./cached-node.js";

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ["ignore", 2, 2] });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed (exit code ${status})`);
}

function get(): void {
  const wanted = node24Package();
  if (!wanted) throw new Error(`npm has no Node 24 for ${process.platform} ${process.arch}`);
  const folder = node24Folder(wanted);
  mkdirSync(dirname(folder), { recursive: true });
  const beside = mkdtempSync(`${folder}-`);
  try {
    run("npm", ["pack", "--silent", `${wanted.name}@${wanted.version}`], beside);
    const [archive = ""] = readdirSync(beside);
    const sha512 = createHash("sha512")
      .update(readFileSync(join(beside, archive)))
      .digest("base64");
    if (sha512 !== wanted.sha512) throw new Error(`${archive} has another hash than is known: ${sha512}`);
    run("tar", ["-xzf", archive], beside);
    const unpacked = join(beside, "package");
    if (!existsSync(join(unpacked, "bin", "node"))) throw new Error(`${archive} holds no bin/node`);
    // Somebody else may have been quicker, with the same package.
    if (!existsSync(folder)) renameSync(unpacked, folder);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

if (!findNode24()) get();
console.log(findNode24());
