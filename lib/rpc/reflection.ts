import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createFileRegistry, type FileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { loadFileDescriptorSetFromBuffer, type PackageDefinition } from "@grpc/proto-loader";

/** The contract as `buf build` writes it. */
const IMAGE = "gen/descriptors.binpb";

/**
 * Reads the descriptors of all services from the package that this file belongs to, wherever it was compiled
 * to.
 */
export function loadDescriptors(): PackageDefinition {
  return loadFileDescriptorSetFromBuffer(readImage());
}

/** The same contract, message by message. */
export function loadRegistry(): FileRegistry {
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, readImage()));
}

function readImage(): Buffer {
  return readFileSync(join(packageRoot(), IMAGE));
}

function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    const above = dirname(folder);
    if (above === folder) throw new Error("there is no package.json above the running code");
    folder = above;
  }
  return folder;
}
