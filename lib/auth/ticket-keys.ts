import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, stat, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from "jose";

const FILE = "ticket-key.json";
const ALGORITHM = "EdDSA";

/** What signs tickets, and what checks them. */
export interface TicketKeys {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/**
 * The key pair of a folder, made on first use. All processes that use the folder get the same pair, also when
 * they start at the same time.
 *
 * @throws Error if the file is damaged or can be read by everybody.
 */
export async function loadTicketKeys(folder: string): Promise<TicketKeys> {
  const path = join(folder, FILE);
  try {
    return await readKeys(path);
  } catch (error) {
    if (!isCode(error, "ENOENT")) throw error;
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await createKeys(path);
  return readKeys(path);
}

async function readKeys(path: string): Promise<TicketKeys> {
  const text = await readFile(path, "utf8");
  if ((await stat(path)).mode & 0o007) throw new Error(`${path} can be read by everybody: chmod 600 it`);
  try {
    const privateJwk: JWK = JSON.parse(text);
    const { d: _secret, ...publicJwk } = privateJwk;
    return { privateKey: await importKey(privateJwk), publicKey: await importKey(publicJwk) };
  } catch {
    // The reason would quote the secret.
    throw new Error(`${path} does not hold an Ed25519 key as JWK`);
  }
}

async function importKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, ALGORITHM);
  if (key instanceof Uint8Array) throw new Error("a symmetric key");
  return key;
}

/** Makes the file whole or not at all; one that is already there stays. */
async function createKeys(path: string): Promise<void> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const temporary = `${path}.${randomUUID()}`;
  const text = JSON.stringify(await exportJWK(privateKey));
  await writeFile(temporary, text, { mode: 0o600, flag: "wx", flush: true });
  try {
    await link(temporary, path);
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
  } finally {
    await unlink(temporary);
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
