import type { Request } from "./contract.js";
import type { ContractStage } from "./stage.js";

/** Something wrong with one field, and the name by which it must be refused. */
export interface FieldCase {
  readonly what: string;
  readonly error: string;
  /** What stands in the field; without it the request stays as it is. */
  readonly value?: (stage: ContractStage) => unknown;
  /** Who asks; Ada unless given. */
  readonly by?: "ada" | "bob" | "eve";
}

/** What must be refused of one method or kind of frame. */
export interface Row {
  /** A request by Ada that would be granted. */
  good(stage: ContractStage): Request;
  /**
   * What can be wrong with each field, by its path in JSON (`messages[].text`); none may be left out. A field
   * in which nothing can be wrong has an empty list.
   */
  readonly fields: Readonly<Record<string, readonly FieldCase[]>>;
}

/** Rows by the names of methods or frames. */
export type Rows = Readonly<Record<string, Row>>;

/** The request with another value in a field; in a list, of its first item. */
export function withField(request: Request, path: string, value: unknown): Request {
  const [, name = "", list, rest] = /^(\w+)(\[\])?(?:\.(.+))?$/.exec(path) ?? [];
  if (rest === undefined) return { ...request, [name]: value };
  const inside = request[name];
  if (!list) return { ...request, [name]: withField((inside ?? {}) as Request, rest, value) };
  const [first = {}, ...others] = (inside ?? []) as Request[];
  return { ...request, [name]: [withField(first, rest, value), ...others] };
}
