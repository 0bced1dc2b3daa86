import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import lock from "../lock.json" with { type: "json" };

/** The crate with the binary for a machine, and the binary's SHA-256. */
const binaries: Readonly<Record<string, { readonly crate: string; readonly sha256: string }>> = {
  "linux-x64": {
    crate: "etcd-bin-vendored-linux-amd64",
    sha256: "7a0c00e4ee33bea9bdec0c8abd771ef4e1685deb134a17cf58c11985d2fe51ca",
  },
  "linux-arm64": {
    crate: "etcd-bin-vendored-linux-arm64",
    sha256: "17122293e6713e3d8b14b33964af8f6eae0a83af03e87487f34731ee0e28112d",
  },
  "darwin-x64": {
    crate: "etcd-bin-vendored-darwin-amd64",
    sha256: "60bc0f6323cf2ce02d161bfed2b3a28cb65eecd9836d01796e8de44febe7b430",
  },
  "darwin-arm64": {
    crate: "etcd-bin-vendored-darwin-arm64",
    sha256: "cbb50cbf8c1cad66e56089e7526622dfe4abe55fcabb82bb2201337d3e855bd1",
  },
};

const metadataSchema = z.object({
  packages: z.array(z.object({ name: z.string(), manifest_path: z.string() })),
});

/**
 * Puts the server's binary, `etcd`, into a folder. It comes from a Rust package that holds the upstream
 * build, which cargo downloads and checks; nothing is compiled or run.
 *
 * @param say told what is being done
 * @throws Error if there is no binary for this machine, cargo fails, or the binary is not the expected one
 */
export async function fill(folder: string, say: (step: string) => void): Promise<void> {
  const binary = binaries[`${process.platform}-${process.arch}`];
  if (!binary) throw new Error(`there is no etcd for ${process.platform}-${process.arch}`);
  const project = await mkdtemp(join(tmpdir(), "confab-etcd-"));
  try {
    say(`fetching ${binary.crate} ${lock.etcd.version} with cargo`);
    const source = join(await fetchCrate(project, binary.crate, lock.etcd.version), "bin", "etcd");
    const sha256 = createHash("sha256")
      .update(await readFile(source))
      .digest("hex");
    if (sha256 !== binary.sha256) throw new Error(`etcd has the SHA-256 ${sha256}, not ${binary.sha256}`);
    await mkdir(folder, { recursive: true });
    await copyFile(source, join(folder, "etcd"));
    await chmod(join(folder, "etcd"), 0o755);
  } finally {
    await rm(project, { recursive: true, force: true });
  }
}

/** The folder into which cargo unpacks a crate. */
async function fetchCrate(project: string, crate: string, version: string): Promise<string> {
  const manifest = join(project, "Cargo.toml");
  await mkdir(join(project, "src"));
  await writeFile(join(project, "src", "lib.rs"), "");
  const dependencies = `[dependencies]\n${crate} = "=${version}"\n`;
  await writeFile(manifest, `[package]\nname = "fetch"\nversion = "0.0.0"\n${dependencies}`);
  const args = ["metadata", "--format-version", "1", "--manifest-path", manifest];
  const { stdout } = await promisify(execFile)("cargo", args, { maxBuffer: 16 * 1024 * 1024 });
  const { packages } = metadataSchema.parse(JSON.parse(stdout));
  const found = packages.find(({ name }) => name === crate);
  if (!found) throw new Error(`cargo did not fetch ${crate}`);
  return dirname(found.manifest_path);
}
