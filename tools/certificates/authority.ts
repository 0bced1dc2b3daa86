import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const dayMs = 86_400_000;
const authorityDays = 3650;
const certificateDays = 90;
const commonName = "Confab development authority";

/** Files in PEM. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/**
 * A certificate authority for development, kept in a folder. Nobody should trust it but the processes of a
 * mesh on this machine.
 */
export class DevelopmentAuthority {
  private constructor(
    private readonly folder: string,
    private readonly certificate: x509.X509Certificate,
    private readonly key: webcrypto.CryptoKey,
  ) {}

  /** The authority of a folder, made on first use. */
  static async open(folder: string): Promise<DevelopmentAuthority> {
    x509.cryptoProvider.set(webcrypto);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const files = certificateFiles(folder, "authority");
    if (!existsSync(files.certificate)) await makeAuthority(files);
    const certificate = new x509.X509Certificate(await readFile(files.certificate, "utf8"));
    return new DevelopmentAuthority(folder, certificate, await readKey(files.key));
  }

  /** File with the certificate by which others are checked. */
  get file(): string {
    return certificateFiles(this.folder, "authority").certificate;
  }

  /**
   * Makes a certificate for the names (DNS names and IP addresses), good for servers and clients, in place of
   * one made before.
   *
   * @param title of its files
   */
  async issue(title: string, names: readonly string[]): Promise<CertificateFiles> {
    const files = certificateFiles(this.folder, title);
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const certificate = await x509.X509CertificateGenerator.create({
      ...termOf(certificateDays),
      serialNumber: serialNumber(),
      subject: `CN=${title}`,
      issuer: this.certificate.subject,
      publicKey: keys.publicKey,
      signingKey: this.key,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([
          x509.ExtendedKeyUsage.serverAuth,
          x509.ExtendedKeyUsage.clientAuth,
        ]),
        new x509.SubjectAlternativeNameExtension(
          names.map((value) => ({ type: isIP(value) ? "ip" : "dns", value })),
        ),
        await x509.AuthorityKeyIdentifierExtension.create(this.certificate),
      ],
    });
    await write(files, certificate, keys.privateKey);
    return files;
  }
}

/** The files of an authority's folder that have a title. */
export function certificateFiles(folder: string, title: string): CertificateFiles {
  return { certificate: join(folder, `${title}.pem`), key: join(folder, `${title}-key.pem`) };
}

async function makeAuthority(files: CertificateFiles): Promise<void> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...termOf(authorityDays),
    serialNumber: serialNumber(),
    name: `CN=${commonName}`,
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  await write(files, certificate, keys.privateKey);
}

/** A positive number of 16 bytes (RFC 5280, 4.1.2.2), in hex. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes.toString("hex");
}

/** From a day ago, so that clocks that lag believe it, for so many days. */
function termOf(days: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - dayMs), notAfter: new Date(now + days * dayMs) };
}

async function readKey(file: string): Promise<webcrypto.CryptoKey> {
  const pkcs8 = x509.PemConverter.decodeFirst(await readFile(file, "utf8"));
  return webcrypto.subtle.importKey("pkcs8", pkcs8, algorithm, true, ["sign"]);
}

/** The key first: a certificate is there only with its key. */
async function write(
  { certificate, key }: CertificateFiles,
  made: x509.X509Certificate,
  privateKey: webcrypto.CryptoKey,
): Promise<void> {
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", privateKey);
  await replace(key, `${x509.PemConverter.encode(pkcs8, "PRIVATE KEY")}\n`, 0o600);
  await replace(certificate, `${made.toString("pem")}\n`, 0o644);
}

async function replace(file: string, text: string, mode: number): Promise<void> {
  const next = `${file}.${process.pid}`;
  await writeFile(next, text, { mode });
  await rename(next, file);
}
