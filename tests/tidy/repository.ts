import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The checkout: npm and the test run start tests there. */
const root = process.cwd();
const sourceFolders = ["lib", "services", "clients", "tests", "tools", "bench"];
const derivedFolders = new Set(["node_modules", ".git", "gen", "dist", "data"]);
const derivedFiles = new Set(["package-lock.json", ".setup-lock", ".git"]);

/** Paths of all files that people write, relative to the checkout, with `/`. */
export function listFiles(folder = ""): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.isDirectory()) return derivedFolders.has(entry.name) ? [] : listFiles(path);
    return entry.isFile() && !derivedFiles.has(entry.name) ? [path] : [];
  });
}

/** Paths of the TypeScript sources. */
export function listSources(): string[] {
  const folders = sourceFolders.filter((folder) => existsSync(join(root, folder)));
  return folders.flatMap((folder) => listFiles(folder)).filter((path) => path.endsWith(".ts"));
}

/** The text of a file, or undefined if it holds a NUL and so is no text. */
export function readText(path: string): string | undefined {
  const text = readFileSync(join(root, path), "utf8");
  return text.includes("\0") ? undefined : text;
}
