/** One line of a check's output. */
export type Line = Readonly<Record<string, string | number | boolean>>;

/** Words a line: as JSON for programs, else for people. */
export function format(line: Line, json: boolean): string {
  if (json) return JSON.stringify(line);
  return Object.entries(line)
    .map(([name, value]) => `${name} ${typeof value === "number" ? value.toLocaleString("en") : value}`)
    .join(", ");
}
