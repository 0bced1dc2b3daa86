/** A page of reference, or another file, that is made from tables in the code. */
export interface Page {
  /** Path in the checkout. */
  readonly path: string;
  /** Markdown, unless its name says otherwise. */
  readonly text: string;
}

/** What refreshes all pages. */
export const refreshCommand = "npm run docs";

/** A page: a title, what it is made from, and its parts. */
export function page(path: string, title: string, source: string, parts: readonly string[]): Page {
  const note = `Made from ${source} by \`${refreshCommand}\`; do not edit.`;
  return { path, text: `${[`# ${title}`, note, ...parts].join("\n\n")}\n` };
}

/** A table; cells are Markdown. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeCell).join(" | ")} |`;
  return [line(headings), `|${headings.map(() => "---|").join("")}`, ...rows.map(line)].join("\n");
}

/** Code in a cell; nothing for an empty text. */
export function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}

/** A number as people read it: groups of three digits. */
export function grouped(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 6 });
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
