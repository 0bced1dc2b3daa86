/**
 * A deep copy of plain data, as if it had been encoded and decoded: arrays, bytes, plain objects and
 * scalars.
 */
export function copy<Data>(data: Data): Data {
  return copyAny(data) as Data;
}

function copyAny(data: unknown): unknown {
  if (typeof data === "function" || typeof data === "symbol") throw new TypeError("not data");
  if (typeof data !== "object" || data === null) return data;
  if (Array.isArray(data)) return data.map(copyAny);
  if (data instanceof Uint8Array) return data.slice();
  const made: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(data)) made[key] = copyAny(value);
  return made;
}
