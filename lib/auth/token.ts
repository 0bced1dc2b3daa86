import { createHash, randomBytes } from "node:crypto";

const PREFIX = "confab_";
const secretBytes = 32;
const SHAPE = /^confab_[A-Za-z0-9_-]{43}$/;

/** Makes a token: a prefix that scanners for leaked secrets can find, and 256 random bits. */
export function makeToken(): string {
  return PREFIX + randomBytes(secretBytes).toString("base64url");
}

/** Whether a text has the shape of a token; nothing else is worth looking up. */
export function isTokenShaped(text: string): boolean {
  return SHAPE.test(text);
}

/** SHA-256 of a token in hexadecimal. Nothing slower or salted is needed: a token has 256 random bits. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
