import { ConfabError } from "../../../lib/errors/errors.js";

/** What OpenSSL and Node call a certificate that is not believed, by the start of the name. */
const codes =
  /^(CERT_|UNABLE_TO_|SELF_SIGNED_CERT_|DEPTH_ZERO_SELF_SIGNED_CERT$|ERR_TLS_CERT_ALTNAME_|HOSTNAME_)/;

/**
 * The error for a server whose certificate is not believed; undefined where the failure is another one. No
 * other try can help: somebody has to change the certificate, the address or the authorities.
 *
 * @param error with a `code`, as Node's connections fail, or with a cause that has one
 */
export function certificateFault(url: string, error: unknown): ConfabError | undefined {
  const { code, message } = faultOf(error) ?? {};
  if (code === undefined || !codes.test(code)) return undefined;
  const what = `the certificate of ${new URL(url).origin} is not trusted: ${message || code}`;
  return new ConfabError("invalid_argument", "ca", what);
}

function faultOf(error: unknown): { code: string; message: string } | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string") return { code: at.code, message: at.message };
  }
  return undefined;
}
