import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, stat, unlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from "jose";
import { ConfigError } from "../config/config.js";

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

/**
 * Makes a file with a key pair that only its owner can read, unless the file is there; both signing and
 * checking services are given it, or checking ones only its public part.
 */
export async function createTicketKey(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await createKeys(file);
}

/** What checks tickets, from a file with either part. @throws ConfigError if the file does not hold a key */
export async function readCheckingKey(file: string): Promise<CryptoKey> {
  return (await readKeyFile(file)).publicKey;
}

/** What signs tickets. @throws ConfigError if the file does not hold a private key */
export async function readSigningKey(file: string): Promise<CryptoKey> {
  const { privateKey } = await readKeyFile(file);
  if (!privateKey) throw fileFault(`${file} holds a public key only: signing tickets needs the private one`);
  return privateKey;
}

async function readKeyFile(file: string): Promise<Partial<TicketKeys> & Pick<TicketKeys, "publicKey">> {
  try {
    return await parseKeys(file);
  } catch (error) {
    if (error instanceof Error && "code" in error) throw fileFault(`cannot be read (${error.code})`);
    throw fileFault(error instanceof Error ? error.message : String(error));
  }
}

function fileFault(what: string): ConfigError {
  return new ConfigError([`CONFAB_TICKET_KEY: ${what}`]);
}

async function readKeys(path: string): Promise<TicketKeys> {
  const { privateKey, publicKey } = await parseKeys(path);
  if (!privateKey) throw new Error(`${path} holds a public key only`);
  return { privateKey, publicKey };
}

/** A secret that everybody can read is refused; of a public key alone there is none to keep. */
async function parseKeys(path: string): Promise<Partial<TicketKeys> & Pick<TicketKeys, "publicKey">> {
  const text = await readFile(path, "utf8");
  const { privateJwk, publicJwk } = parseJwk(text, path);
  if (privateJwk && (await stat(path)).mode & 0o007) {
    throw new Error(`${path} can be read by everybody: chmod 600 it`);
  }
  try {
    const publicKey = await importKey(publicJwk);
    return { publicKey, ...(privateJwk && { privateKey: await importKey(privateJwk) }) };
  } catch {
    throw noKey(path);
  }
}

function parseJwk(text: string, path: string): { privateJwk: JWK | undefined; publicJwk: JWK } {
  try {
    const jwk: JWK = JSON.parse(text);
    const { d: secret, ...publicJwk } = jwk;
    return { privateJwk: secret === undefined ? undefined : jwk, publicJwk };
  } catch {
    throw noKey(path);
  }
}

/** The reason would quote the secret. */
function noKey(path: string): Error {
  return new Error(`${path} does not hold an Ed25519 key as JWK`);
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
