import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createFileRegistry, type FileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { loadFileDescriptorSetFromBuffer, type PackageDefinition } from "@grpc/proto-loader";
import { packageRoot } from "../config/package-root.js";

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
