/** One line of a check's output. */
export type Line = Readonly<Record<string, unknown>>;

/** Words a line: as JSON for programs, else for people. */
export function format(line: Line, json: boolean): string {
  if (json) return JSON.stringify(line);
  return Object.entries(line)
    .map(([name, value]) => `${name} ${worded(value)}`)
    .join(", ");
}

function worded(value: unknown): string {
  if (typeof value === "number") return value.toLocaleString("en");
  return typeof value === "object" ? JSON.stringify(value, undefined, 2) : String(value);
}
