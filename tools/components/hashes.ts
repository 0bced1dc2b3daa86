import { createHash } from "node:crypto";
import { createReadStream, readdirSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Build } from "./lock.js";

/** SHA-256 of a file, hexadecimal. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** SHA-256 over the listing of all files below a folder, as `sha256sum` prints it, sorted by path. */
export async function fingerprintOf(folder: string): Promise<string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const listing = createHash("sha256");
  for (const file of files.sort()) {
    listing.update(`${await sha256Of(file)}  ${file.slice(folder.length + 1)}\n`);
  }
  return listing.digest("hex");
}

/** @throws Error if what came is not what the lock file names */
export function checkHash({ package: name, version, sha256 }: Build, found: string): void {
  if (found === sha256) return;
  throw new Error(`${name} ${version} has another hash than the lock file names: ${found}`);
}
