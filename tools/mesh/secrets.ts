import { readFile, writeFile } from "node:fs/promises";
import { loadTicketKeys } from "../../lib/auth/ticket-keys.js";
import { certificateNameOf } from "../../lib/tls/identity.js";
import { DevelopmentAuthority } from "../certificates/authority.js";
import type { MeshFolder } from "./mesh-folder.js";
import { serviceProcesses } from "./ports.js";
import type { Counts } from "./settings.js";

/** By which processes are reached on this machine, besides the name of their service. */
const localNames = ["localhost", "127.0.0.1"];

/** Titles of Envoy's certificates: what clients see, and what it shows to services. */
export const envoyTitles = { edge: "edge", identity: "envoy" };

/**
 * Makes a certificate for each process, signed by the folder's authority, which is made on first use. Those
 * of before are replaced: they hold for some months only.
 */
export async function issueCertificates(folder: MeshFolder, counts: Counts): Promise<void> {
  const authority = await DevelopmentAuthority.open(folder.certificates);
  for (const { name, service } of serviceProcesses(counts)) {
    await authority.issue(name, [certificateNameOf(service), ...localNames]);
  }
  await authority.issue(envoyTitles.identity, ["envoy.confab", ...localNames]);
  await authority.issue(envoyTitles.edge, localNames);
}

/** Makes the key of tickets on first use, and the part of it by which they are checked. */
export async function makeTicketKeys(folder: MeshFolder): Promise<void> {
  await loadTicketKeys(folder.path);
  const { d: _secret, ...open } = JSON.parse(await readFile(folder.ticketKey, "utf8")) as { d?: string };
  await writeFile(folder.publicTicketKey, JSON.stringify(open), { mode: 0o600 });
}
