import { ConfabError } from "../errors/errors.js";

/**
 * The token of an `authorization` header.
 *
 * @throws ConfabError `not_authed` without one, `invalid_auth` when it is of another scheme.
 */
export function parseBearer(header: string | undefined): string {
  if (!header) throw new ConfabError("not_authed");
  const token = /^Bearer +(\S+) *$/i.exec(header)?.[1];
  if (!token) throw new ConfabError("invalid_auth", "", "the authorization is not `Bearer TOKEN`");
  return token;
}
