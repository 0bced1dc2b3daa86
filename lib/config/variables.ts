import { z } from "zod";

/** A variable of the environment and the part of a schema that it feeds. */
export interface Variable {
  /** For instance `CONFAB_WEB_ADDRESS`. */
  readonly name: string;
  /** Path in the configuration, for instance `["web", "address"]`. */
  readonly path: readonly string[];
  /** What it is for. */
  readonly description: string;
}

/** All variables that a schema reads: nested objects become prefixes, `camelCase` becomes `CAMEL_CASE`. */
export function variablesOf(schema: z.ZodObject, prefix: readonly string[]): Variable[] {
  return walk(schema, []).map(({ path, description }) => ({
    name: ["CONFAB", ...prefix, ...path].map(toUpperSnake).join("_"),
    path,
    description,
  }));
}

function walk(schema: z.ZodObject, above: readonly string[]): Omit<Variable, "name">[] {
  return Object.entries(schema.shape).flatMap(([key, inner]) => {
    const path = [...above, key];
    if (inner instanceof z.ZodObject) return walk(inner, path);
    return [{ path, description: z.globalRegistry.get(inner as z.ZodType)?.description ?? "" }];
  });
}

function toUpperSnake(text: string): string {
  return text.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
}
