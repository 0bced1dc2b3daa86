import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { makeToken } from "../../lib/auth/token.js";
import { type Addresses, dataFiles, formatAnnouncement } from "../../lib/local/data-files.js";

export type { Addresses };

/** The files of a data folder that the command line tool looks for. */
export class DataFolder {
  readonly #announcement: string;
  readonly #token: string;

  constructor(readonly path: string) {
    const { announcement, token } = dataFiles(path);
    this.#announcement = announcement;
    this.#token = token;
  }

  /** The token of this folder's first user, made on first use and readable by its owner only. */
  async token(): Promise<string> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    const known = await readFile(this.#token, "utf8").catch(ifMissing);
    if (known !== undefined) return known.trim();
    const token = makeToken();
    await this.#replace(this.#token, `${token}\n`);
    return token;
  }

  /** Says where this process is reached, or the other one whose id it is, until `forget`. */
  async announce(addresses: Addresses, pid = process.pid): Promise<void> {
    await this.#replace(this.#announcement, formatAnnouncement({ ...addresses, pid }));
  }

  async forget(): Promise<void> {
    await rm(this.#announcement, { force: true });
  }

  async #replace(file: string, content: string): Promise<void> {
    const next = `${file}.${process.pid}`;
    await writeFile(next, content, { mode: 0o600 });
    await chmod(next, 0o600);
    await rename(next, file);
  }
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
