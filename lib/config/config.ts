import type { z } from "zod";
import allVariables from "./all-variables.json" with { type: "json" };
import { type Variable, variablesOf } from "./variables.js";

/** Configuration that cannot be used; the message names every variable at fault. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(
      `the configuration has ${faults.length} fault(s):\n${faults.map((fault) => `  ${fault}`).join("\n")}`,
    );
    this.name = "ConfigError";
  }
}

/**
 * Reads the variables `CONFAB_<PREFIX>_<KEY>` that a schema names. Empty ones count as not set.
 *
 * @throws ConfigError with all faults at once; a `CONFAB_…` variable that no program of Confab knows is one.
 *   Those of others are not: a shell in which a server was started may run tools too.
 */
export function readConfig<Schema extends z.ZodObject>(
  schema: Schema,
  env: Environment,
  ...prefix: string[]
): z.output<Schema> {
  const variables = variablesOf(schema, prefix);
  const parsed = schema.safeParse(gather(variables, env));
  const faults = findUnknown(variables, env);
  if (!parsed.success) faults.push(...parsed.error.issues.map((issue) => describe(issue, variables, env)));
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);
  return parsed.data;
}

/**
 * Waits for everything that is read besides the variables, such as files that they name.
 *
 * @throws ConfigError with the faults of all; any other error as it is
 */
export async function readTogether<Reads extends readonly unknown[]>(
  ...reads: { [Index in keyof Reads]: Promise<Reads[Index]> }
): Promise<Reads> {
  const outcomes = await Promise.allSettled(reads);
  const reasons = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
  const unexpected = reasons.find((reason) => !(reason instanceof ConfigError));
  if (unexpected !== undefined) throw unexpected;
  const faults = reasons.flatMap((reason: ConfigError) => reason.faults);
  if (faults.length > 0) throw new ConfigError(faults.sort());
  return outcomes.map((outcome) => (outcome as PromiseFulfilledResult<unknown>).value) as unknown as Reads;
}

type Environment = Readonly<Record<string, string | undefined>>;

interface Tree {
  [key: string]: Tree | string;
}

/** The values in the shape of the schema. */
function gather(variables: readonly Variable[], env: Environment): Tree {
  const root: Tree = {};
  for (const { name, path } of variables) {
    const branch = path.slice(0, -1).reduce(branchOf, root);
    const value = env[name];
    if (value) branch[path.at(-1)!] = value;
  }
  return root;
}

function branchOf(tree: Tree, key: string): Tree {
  const known = tree[key];
  if (typeof known === "object") return known;
  const made: Tree = {};
  tree[key] = made;
  return made;
}

function findUnknown(variables: readonly Variable[], env: Environment): string[] {
  const known = new Set([...allVariables, ...variables.map(({ name }) => name)]);
  return Object.keys(env)
    .filter((name) => name.startsWith("CONFAB_") && !known.has(name))
    .sort()
    .map((name) => `${name}: there is no such variable`);
}

/** Says what is wrong without the value, which may be a secret. */
function describe(issue: z.core.$ZodIssue, variables: readonly Variable[], env: Environment): string {
  const variable = variables.find(({ path }) => path.every((key, i) => issue.path[i] === key));
  if (!variable) return `${issue.path.join(".")}: ${issue.message}`;
  return `${variable.name}: ${env[variable.name] ? issue.message : "is required"}`;
}
