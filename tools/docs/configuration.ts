import { homedir } from "node:os";
import { z } from "zod";
import { cliConfigSchema } from "../../clients/cli/config.js";
import { variablesOf } from "../../lib/config/variables.js";
import { adminConfigSchema } from "../../services/admin/config.js";
import { channelConfigSchema } from "../../services/channel/config.js";
import { charmConfigSchema } from "../../services/charm/config.js";
import { gatewayConfigSchema } from "../../services/gateway/config.js";
import { localConfigSchema } from "../../services/local/config.js";
import { migrateConfigSchema } from "../../services/migrate/config.js";
import { webConfigSchema } from "../../services/web/config.js";
import { code, grouped, type Page, page, table } from "./page.js";

/** A program and what it reads. */
const programs: readonly { name: string; about: string; schema: z.ZodObject }[] = [
  {
    name: "local",
    about: "Everything in one process (`npm start`). The first ones are flags too: `npm start -- --help`.",
    schema: localConfigSchema,
  },
  { name: "web", about: "The HTTP face, in a process of its own.", schema: webConfigSchema },
  { name: "admin", about: "The gRPC face, in a process of its own.", schema: adminConfigSchema },
  { name: "channel", about: "A channel server, in a process of its own.", schema: channelConfigSchema },
  { name: "gateway", about: "A gateway, in a process of its own.", schema: gatewayConfigSchema },
  { name: "charm", about: "A ring manager, in a process of its own.", schema: charmConfigSchema },
  { name: "cli", about: "The command line tool (`./confab`).", schema: cliConfigSchema },
  {
    name: "migrate",
    about: "Makes the tables in Cassandra (`npm run migrate`).",
    schema: migrateConfigSchema,
  },
];

/** All variables of all services and of the tool. */
export function configurationPage(): Page {
  const introduction = [
    "Every program reads variables of the environment once, at its start, and then tells all faults at",
    "once. An empty variable counts as not set; one that begins with `CONFAB_` and that none of them knows",
    "is a fault.",
    "The rates are token buckets, argued in [rate limits](decisions/rate-limits.md): so many a second for",
    "ever, and a burst after a rest.",
  ].join("\n");
  const parts = programs.flatMap(({ name, about, schema }) => {
    const rows = variablesOf(schema, []).map(({ name, path, description }) => {
      const { values, standard } = describeValue(schema, path);
      return [code(name), values, standard, description];
    });
    return [`## ${name}`, about, table(["variable", "values", "default", "meaning"], rows)];
  });
  return page("docs/configuration.md", "Configuration", "the schemas in `config.ts` of each program", [
    introduction,
    ...parts,
  ]);
}

/** The names of all variables, by which programs tell those of others from mistakes. */
export function variablesFile(): Page {
  const names = programs.flatMap(({ schema }) => variablesOf(schema, []).map(({ name }) => name));
  const text = JSON.stringify([...new Set(names)].sort(), undefined, 2);
  return { path: "lib/config/all-variables.json", text: `${text}\n` };
}

interface ValueSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** What a variable may be, and what it is when it is not set. */
function describeValue(schema: z.ZodObject, path: readonly string[]): { values: string; standard: string } {
  let inner: z.core.$ZodType = schema;
  for (const key of path) inner = inner instanceof z.ZodObject ? inner.shape[key] : inner;
  const json = z.toJSONSchema(inner, { io: "input", unrepresentable: "any" }) as ValueSchema;
  return { values: showValues(json), standard: showDefault(z.safeParse(inner, undefined)) };
}

function showValues({ type, enum: names, minimum, maximum }: ValueSchema): string {
  if (names) return names.map(code).join(", ");
  if (type !== "number" && type !== "integer") return "text";
  const bounds =
    minimum === undefined || maximum === undefined ? "" : ` ${grouped(minimum)} to ${grouped(maximum)}`;
  return `${type === "integer" ? "whole number" : "number"}${bounds}`;
}

/** What comes of no value. The folder of the user who makes the page is not everybody's. */
function showDefault(unset: z.ZodSafeParseResult<unknown>): string {
  if (!unset.success) return "required";
  const text = String(unset.data ?? "").replace(homedir(), "~");
  return text === "" ? "nothing" : code(text);
}
