import { readFile } from "node:fs/promises";
import { ConfabError } from "../../../lib/errors/errors.js";
import { dataFiles, dataFolderDefault, parseAnnouncement } from "../../../lib/local/data-files.js";
import { readCertificates } from "../login/certificates.js";

/** A server, and a token for it. */
export interface FoundServer {
  /** Base URL of the web service. */
  readonly url: string;
  readonly token: string;
  /** Certificates in PEM of who must have signed the server's; else it is those that Node trusts. */
  readonly ca?: string | undefined;
  /** Base URL of the Jaeger that shows its traces, if that is known. */
  readonly jaeger?: string;
}

/**
 * The server on this machine that runs for a data folder.
 *
 * @param tokenOverride to be used instead of the folder's token
 * @throws ConfabError `unavailable` when there is none
 */
export async function findServer(folder: string, tokenOverride?: string): Promise<FoundServer> {
  const files = dataFiles(folder);
  const [announced, token] = await Promise.all([
    readIfThere(files.announcement),
    tokenOverride ?? readIfThere(files.token),
  ]);
  const announcement = parseAnnouncement(announced ?? "");
  if (!announcement || !token || !isAlive(announcement.pid)) {
    const start = folder === dataFolderDefault ? "npm start" : `npm start -- --data ${folder}`;
    throw new ConfabError(
      "unavailable",
      "",
      `no Confab server is running for ${folder}; start it with \`${start}\``,
    );
  }
  const { url, ca: file, jaeger } = announcement;
  const ca = file === undefined ? undefined : await readCertificates(file);
  return { url, token: token.trim(), ...(ca !== undefined && { ca }), ...(jaeger && { jaeger }) };
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && ["ENOENT", "ENOTDIR"].includes(String(error.code)))
      return;
    throw error;
  }
}

/** A server that was killed leaves its announcement behind. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
