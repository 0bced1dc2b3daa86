import type { AnyDefinition, MethodDefinition } from "@grpc/proto-loader";
import { loadDescriptors } from "../../../lib/rpc/reflection.js";

/** A request as canonical JSON. */
export type Request = Readonly<Record<string, unknown>>;

/** A method of the public contract. */
export interface ContractMethod {
  /** For instance `Messaging.PostMessage`. */
  readonly name: string;
  readonly path: string;
  readonly isStream: boolean;
  /** Paths of all fields of its request in JSON; below a repeated field stands `[]`. */
  readonly fields: readonly string[];
  encode(request: Request): Buffer;
}

interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly typeName: string;
}

const contract = "confab.v1.";
const definitions = loadDescriptors();

/** Every method of every public service. */
export function contractMethods(): ContractMethod[] {
  return Object.entries(definitions).flatMap(([service, definition]) => {
    if (!service.startsWith(contract) || "format" in definition) return [];
    const methods: MethodDefinition<object, object>[] = Object.values(definition);
    return methods.map((method) => ({
      name: `${service.slice(contract.length)}.${method.path.split("/")[2]}`,
      path: method.path,
      isStream: method.requestStream || method.responseStream,
      fields: fieldPaths(fieldsOf(method.requestType)),
      encode: (request) => method.requestSerialize(snaked(request) as object),
    }));
  });
}

/** Every kind of frame that a client may send, by name, with the paths of its fields. */
export function contractFrames(): { readonly name: string; readonly fields: readonly string[] }[] {
  const kinds = fieldsOf(definitions[`${contract}ClientFrame`]).filter(({ name }) => name !== "request_id");
  return kinds.map((kind) => {
    const name = camel(kind.name);
    const paths = fieldPaths([kind]).slice(1);
    return { name, fields: paths.map((path) => path.slice(`${name}.`.length)) };
  });
}

/** Paths of fields and of those inside them. */
function fieldPaths(fields: readonly Field[], above = ""): string[] {
  return fields.flatMap((field) => {
    const path = above + camel(field.name);
    if (field.type !== "TYPE_MESSAGE") return [path];
    const inside = definitions[contract + field.typeName.split(".").at(-1)];
    const below = field.label === "LABEL_REPEATED" ? `${path}[].` : `${path}.`;
    return [path, ...fieldPaths(fieldsOf(inside), below)];
  });
}

function fieldsOf(definition: AnyDefinition | undefined): readonly Field[] {
  if (!definition || !("type" in definition)) throw new Error("the contract has no such message");
  return (definition.type as { readonly field: readonly Field[] }).field;
}

const camel = (name: string) => name.replace(/_[a-z]/g, (letter) => letter.slice(1).toUpperCase());

/** The same with field names as the descriptors have them. */
function snaked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snaked);
  if (typeof value !== "object" || value === null) return value;
  const named = Object.entries(value).map(([name, inside]) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    snaked(inside),
  ]);
  return Object.fromEntries(named);
}
