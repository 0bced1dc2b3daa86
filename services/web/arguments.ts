import type { FastifyRequest } from "fastify";
import { parseBearer } from "../../lib/auth/bearer.js";
import { ConfabError } from "../../lib/errors/errors.js";

/** How deep arguments may lie inside one another: what is given back must not exhaust the stack. */
const argumentsDepthMax = 64;

/** Arguments of a method by name, without the token. */
export type Arguments = Readonly<Record<string, unknown>>;

/** What a request asks with, and in whose name. */
export interface Asked {
  readonly args: Arguments;
  /** The token as sent: call for it only where one is needed, for it throws `not_authed` without one. */
  readonly token: () => string;
}

/**
 * Takes a request apart: arguments come from the query string and the body (form or JSON), the body's first.
 *
 * @throws ConfabError `invalid_json`, or `invalid_argument` for a token in the query string, where logs would
 *   keep it.
 */
export function readRequest(request: FastifyRequest): Asked {
  const query = toObject(request.query);
  if ("token" in query) {
    const wording =
      "a token never goes into the query string: send `authorization: Bearer TOKEN`, and replace it";
    throw new ConfabError("invalid_argument", "token", wording);
  }
  const { token, ...args } = { ...query, ...toObject(request.body) };
  return { args, token: () => pickToken(request.headers.authorization, token) };
}

function pickToken(header: string | undefined, field: unknown): string {
  if (header === undefined && typeof field === "string" && field !== "") return field;
  return parseBearer(header);
}

function toObject(value: unknown): Arguments {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new ConfabError("invalid_json", "", "the arguments must be a JSON object");
  }
  demandShallow(value);
  return { ...value };
}

function demandShallow(value: object): void {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > argumentsDepthMax) throw new ConfabError("invalid_json", "", "the arguments are too deep");
    level = level.flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : []));
  }
}

/** An argument that is a text; empty if there is none. */
export function textArgument(args: Arguments, name: string): string {
  const value = args[name] ?? "";
  if (typeof value !== "string") throw new ConfabError("invalid_argument", name);
  return value;
}
