import type { Random } from "../../../tests/sim/random.js";

/** What stands in a text for a value that JSON has no way to make by `JSON.stringify`. */
const mark = "@@";

const odd: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, "", "x", "0", "\0", [], [[]], {}, [null]],
  ...[{ toString: 1, valueOf: 1 }, { constructor: 1 }, "C000000000000", "C".repeat(3000), 2 ** 53],
  ...[
    "1e999",
    "-0",
    "18446744073709551615",
    "9".repeat(400),
    '"\\ud800"',
    '{"__proto__":{"a":1}}',
    "NaN",
  ].map((text) => mark + text),
];

/** The same with one value somewhere in it replaced, left out, or joined by one that is not known. */
export function mutateJson(random: Random, value: unknown): string {
  const changed: unknown = structuredClone(value);
  for (let i = 0; i <= random.below(2); i++) change(random, changed);
  return JSON.stringify(changed).replace(/"@@((?:[^"\\]|\\.)*)"/g, (_all, text) => JSON.parse(`"${text}"`));
}

function change(random: Random, value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const names = Object.keys(value);
  const at = value as Record<string, unknown>;
  const name = names.length > 0 ? random.pick(names) : "more";
  const inside = at[name];
  if (typeof inside === "object" && inside !== null && random.chance(0.7)) return change(random, inside);
  const how = random.below(10);
  if (how === 0) delete at[name];
  else if (how === 1)
    at[random.pick(["more", "ping", "subscribe", "__proto__x", "", "requestId"])] = pick(random);
  else if (how === 2) at[name] = nested(random);
  else at[name] = pick(random);
}

const pick = (random: Random) => structuredClone(random.pick(odd));

/** Brackets in brackets, closed or not. */
function nested(random: Random): string {
  const depth = random.chance(0.8) ? random.below(200) : random.below(100_000);
  const closing = random.chance(0.5) ? "]".repeat(depth) : "";
  return `${mark}${"[".repeat(depth)}${closing}`;
}
