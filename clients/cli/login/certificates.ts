import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { ConfabError } from "../../../lib/errors/errors.js";

const certificate = /-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs;

/**
 * Certificates in PEM, without what else the file holds.
 *
 * @throws ConfabError `invalid_argument` when the file cannot be read or has none
 */
export async function readCertificates(file: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw fault(file, `cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  const found = text.match(certificate) ?? [];
  if (found.length === 0) throw fault(file, "holds no certificate in PEM");
  if (!found.every(isCertificate)) throw fault(file, "holds what is no certificate");
  return `${found.join("\n")}\n`;
}

/** Whether a text has certificates in PEM and nothing else. */
export function isCertificates(text: string): boolean {
  const found = text.match(certificate) ?? [];
  return found.length > 0 && found.every(isCertificate) && text.replaceAll(certificate, "").trim() === "";
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}

function fault(file: string, what: string): ConfabError {
  return new ConfabError("invalid_argument", "ca", `the file of the authority, ${file}, ${what}`);
}
