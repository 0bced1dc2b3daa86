import { randomUUID } from "node:crypto";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ConfabError } from "../../../lib/errors/errors.js";
import { isCertificates } from "./certificates.js";
import { isToken, tokenRule } from "./token.js";

const schema = z.object({
  url: z.url(),
  token: z.string().refine(isToken, tokenRule),
  /** Certificates in PEM of who must have signed the server's, where Node does not trust it already. */
  ca: z.string().refine(isCertificates).optional(),
});

/** A server elsewhere, and the token for it. */
export type Login = z.output<typeof schema>;

/** The file that keeps a login, for its owner's eyes only. */
export class LoginFile {
  readonly path: string;

  /** @param folder the tool's own, made when it is needed */
  constructor(private readonly folder: string) {
    this.path = join(folder, "login.json");
  }

  /** @throws ConfabError `invalid_argument` when the file holds something else */
  async read(): Promise<Login | undefined> {
    let text: string;
    try {
      text = await readFile(this.path, "utf8");
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
    const login = schema.safeParse(parseJson(text)).data;
    if (login) return login;
    const wording = `${this.path} is not what a login writes; log in anew, or remove it by \`confab logout\``;
    throw new ConfabError("invalid_argument", "", wording);
  }

  /** Writes the file as a whole, or leaves the one that is there. */
  async write(login: Login): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await chmod(this.folder, 0o700);
    const beside = `${this.path}.${randomUUID()}`;
    try {
      await writeFile(beside, `${JSON.stringify(login)}\n`, { flag: "wx", mode: 0o600, flush: true });
      await rename(beside, this.path);
    } finally {
      await rm(beside, { force: true });
    }
  }

  /** Removes the file, whatever it holds; tells whether there was one. */
  async remove(): Promise<boolean> {
    try {
      await rm(this.path);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && ["ENOENT", "ENOTDIR"].includes(String(error.code));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
