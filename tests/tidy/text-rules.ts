import type { Complaint } from "./parse.js";

const fileLinesMax = 300;
const fileLinesMedianMax = 80;
const lineColumnsMax = 110;

const linesOf = (text: string) => text.replace(/\n$/, "").split("\n");

/** A file is short enough to be read in one go, and so is each line. */
export function longTexts(path: string, text: string): Complaint[] {
  const lines = linesOf(text);
  const wide = lines.flatMap((line, index) => {
    const columns = [...line].length;
    return columns > lineColumnsMax ? [`${path}:${index + 1}: ${columns} columns`] : [];
  });
  return lines.length > fileLinesMax ? [`${path}:1: ${lines.length} lines`, ...wide] : wide;
}

/** Most files are much shorter than the longest may be. */
export function longMedian(texts: readonly string[]): Complaint[] {
  const counts = texts.map((text) => linesOf(text).length).sort((a, b) => a - b);
  const median = counts[Math.floor(counts.length / 2)] ?? 0;
  return median > fileLinesMedianMax ? [`half of the files have ${median} lines or more`] : [];
}

/** Names are kebab-case; a dot sets off what kind of file it is. */
export function crookedName(path: string): Complaint[] {
  const straight = path.split("/").every((part) => /^[a-z0-9]+([-.][a-z0-9]+)*$/.test(part));
  return straight ? [] : [`${path}: not kebab-case`];
}

const foreign: readonly [what: string, pattern: RegExp][] = [
  ["names a task tracker", /\b(issue|ticket|task|bug|story|pull request|PR)s? ?#\d+|\bGH-\d+|\bjira\b/i],
  ["names a task tracker", /\b(TO[D]O|FIX[M]E|HAC[K]|XX[X])\b/],
  ["names a place of one machine", /(?<![\w.:/-])\/(work|root)\/|(?<![\w.:/-])\/(tmp|home|Users)\/\w/],
  ["names a place outside of the project", /\.\.\/shared\//],
];

/** The project speaks of itself alone: nothing of where or by what plan it was written. */
export function foreignText(path: string, text: string): Complaint[] {
  return text.split("\n").flatMap((line, index) => {
    const found = foreign.filter(([, pattern]) => pattern.test(line));
    return found.map(([what]) => `${path}:${index + 1}: ${what}`);
  });
}

/** Every service tells in its README.md what it owns and promises. */
export function missingReadmes(paths: readonly string[]): Complaint[] {
  const services = new Set(paths.flatMap((path) => /^services\/[^/]+(?=\/)/.exec(path) ?? []));
  return [...services]
    .filter((service) => !paths.includes(`${service}/README.md`))
    .map((service) => `${service}: no README.md`);
}
