import type { DescEnum, DescField, DescMessage } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { ConfabError } from "../../../lib/errors/errors.js";

const uint32Max = 2 ** 32 - 1;
const decimal = /^(0|[1-9]\d*)$/;
const loneSurrogate = /\p{Surrogate}/u;

/**
 * Checks a JSON value against a message of the contract, in the canonical mapping (https://protobuf.dev/
 * programming-guides/json): fields by either of their names, null for a field that is not set, integers as
 * numbers or decimal strings.
 *
 * @returns the same value with fields under their JSON names and integers as numbers
 * @throws ConfabError `invalid_argument` with the path of the first field that is unknown or of another type
 */
export function readMessage(type: DescMessage, value: unknown, path = ""): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) refuse(path, "must be an object");
  const read = new Map<string, unknown>();
  for (const [key, content] of Object.entries(value)) {
    const field = type.fields.find(({ name, jsonName }) => key === name || key === jsonName);
    const at = join(path, field?.name ?? key);
    if (!field) refuse(at, `is no field of ${type.name}`);
    if (content === null) continue;
    if (read.has(field.jsonName)) refuse(at, "is given twice");
    read.set(field.jsonName, readField(field, content, at));
  }
  return Object.fromEntries(read);
}

function readField(field: DescField, value: unknown, path: string): unknown {
  switch (field.fieldKind) {
    case "scalar":
      return readScalar(field.scalar, value, path);
    case "enum":
      return readEnum(field.enum, value, path);
    case "message":
      return readMessage(field.message, value, path);
    case "list":
      if (!Array.isArray(value)) refuse(path, "must be an array");
      return value.map((item, i) => readItem(field, item, `${path}[${i}]`));
    case "map":
      throw new Error(`${field.toString()}: there is no rule for maps`);
  }
}

function readItem(field: DescField & { fieldKind: "list" }, item: unknown, path: string): unknown {
  switch (field.listKind) {
    case "scalar":
      return readScalar(field.scalar, item, path);
    case "enum":
      return readEnum(field.enum, item, path);
    case "message":
      return readMessage(field.message, item, path);
  }
}

function readScalar(type: ScalarType, value: unknown, path: string): unknown {
  switch (type) {
    case ScalarType.STRING:
      if (typeof value !== "string") refuse(path, "must be a string");
      if (loneSurrogate.test(value)) throw new ConfabError("invalid_text", path);
      return value;
    case ScalarType.BOOL:
      if (typeof value !== "boolean") refuse(path, "must be true or false");
      return value;
    case ScalarType.UINT32:
      return readInteger(value, uint32Max, "2^32 - 1", path);
    case ScalarType.UINT64:
      return readInteger(value, Number.MAX_SAFE_INTEGER, "2^53 - 1", path);
    default:
      throw new Error(`there is no rule for the type ${ScalarType[type]} of ${path}`);
  }
}

function readInteger(value: unknown, max: number, maxName: string, path: string): number {
  const isNumber = typeof value === "number" || (typeof value === "string" && decimal.test(value));
  const number = isNumber ? Number(value) : Number.NaN;
  if (!Number.isInteger(number) || number < 0 || number > max) {
    refuse(path, `must be an integer from 0 to ${maxName}`);
  }
  return number;
}

function readEnum(type: DescEnum, value: unknown, path: string): number {
  const known = type.values.find(({ name, number }) => value === name || value === number);
  if (!known) refuse(path, `must be one of ${type.values.map(({ name }) => name).join(", ")}`);
  return known.number;
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function refuse(path: string, wording: string): never {
  throw new ConfabError("invalid_argument", path, `${path || "the request"} ${wording}`);
}
