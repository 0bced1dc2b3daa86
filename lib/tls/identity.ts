import { readFile } from "node:fs/promises";
import { ConfigError } from "../config/config.js";
import type { TlsConfig } from "./config.js";

/** Services of a mesh that others connect to. Each has a certificate in its name. */
export type ServiceName = "admin" | "channel" | "charm" | "gateway" | "web";

/** What a service proves itself with, and whom it believes; all in PEM. */
export interface Identity {
  /** Who signs the certificates of the mesh. */
  readonly authority: Buffer;
  readonly certificate: Buffer;
  readonly key: Buffer;
}

/**
 * The name in a service's certificate (as DNS name) by which its peers know it, wherever it listens:
 * addresses of a cluster come and go and stand in no certificate.
 */
export function certificateNameOf(service: ServiceName): string {
  return `${service}.confab`;
}

/** Reads the files; undefined where none are named. @throws ConfigError naming those that cannot be read */
export async function readIdentity({ tls }: TlsConfig): Promise<Identity | undefined> {
  if (tls.authority === "") return undefined;
  const faults: string[] = [];
  const read = async (name: keyof TlsConfig["tls"]) =>
    readFile(tls[name]).catch((error: NodeJS.ErrnoException) => {
      faults.push(`CONFAB_TLS_${name.toUpperCase()}: cannot be read (${error.code})`);
      return Buffer.alloc(0);
    });
  const [authority, certificate, key] = await Promise.all([
    read("authority"),
    read("certificate"),
    read("key"),
  ]);
  if (faults.length > 0) throw new ConfigError(faults.sort());
  return { authority, certificate, key };
}
