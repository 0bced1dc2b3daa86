import { ConfabError } from "../../../lib/errors/errors.js";

/**
 * The base URL of a server, without a slash at its end. What a token goes to is encrypted or stays on this
 * machine, unless it is said that the network is trusted.
 *
 * @throws ConfabError `invalid_argument`
 */
export function parseServerUrl(text: string, { insecure = false } = {}): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !["http:", "https:"].includes(url.protocol)) throw fault("must begin with https:// or http://");
  if (url.username || url.password) throw fault("must hold no user and no password");
  if (url.search || url.hash) throw fault("must end with its path");
  if (url.protocol === "http:" && !insecure && !isLoopback(url.hostname)) {
    throw fault(
      "begins with http://, so the token would be sent for anybody to read; " +
        "use https://, or --insecure if you trust the network",
    );
  }
  return url.origin + url.pathname.replace(/\/+$/, "");
}

/** `URL` has brought IPv4 addresses into their usual form. */
function isLoopback(host: string): boolean {
  return /^(.+\.)?localhost$/.test(host) || /^127(\.\d+){3}$/.test(host) || host === "[::1]";
}

function fault(what: string): ConfabError {
  return new ConfabError("invalid_argument", "url", `the server's URL ${what}`);
}
