import { readFileSync } from "node:fs";
import * as contract from "../../lib/limits/limits.js";
import * as rates from "../../lib/limits/rate-limits.js";
import * as links from "../../lib/links/limits.js";
import * as calls from "../../lib/rpc/limits.js";
import { code, grouped, type Page, page, table } from "./page.js";

/** One limit as its constant says it. */
interface Limit {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly meaning: string;
}

const sections: readonly { title: string; file: string; values: Readonly<Record<string, unknown>> }[] = [
  { title: "The contract", file: "lib/limits/limits.ts", values: contract },
  { title: "Calls", file: "lib/rpc/limits.ts", values: calls },
  { title: "Links between services", file: "lib/links/limits.ts", values: links },
  { title: "Rates", file: "lib/limits/rate-limits.ts", values: rates },
];

/** Units by the words with which names of limits end, before their qualifier. */
const units: readonly (readonly [RegExp, string])[] = [
  [/Ms(Min|Max|Default)?$/, "ms"],
  [/Bytes(Max|Default)?$/, "bytes"],
  [/CodePoints(Max)?$/, "code points"],
  [/^sends/, "requests"],
  [/CostPerSecond/, "calls/s"],
  [/CostBurst/, "calls"],
  [/EventsPerSecond/, "events/s"],
  [/FramesPerSecond/, "frames/s"],
  [/FramesBurst/, "frames"],
  [/ConnectsPerSecond/, "connects/s"],
  [/ConnectsBurst/, "connects"],
  [/Events(Burst|Max|Default)/, "events"],
  [/^postsPer/, "messages"],
  [/^membersPer/, "users"],
  [/^emojiPer/, "different emoji"],
  [/^unreadConversations/, "conversations"],
  [/^activeChannels/, "channels"],
  [/^subscriptions/, "channels"],
  [/callsPer/i, "calls"],
  [/Connections(Max)?$/, "connections"],
  [/Keys(Max)?$/, "keys"],
];

/** All limits with their values. */
export function limitsPage(): Page {
  const parts = sections.flatMap(({ title, file, values }) => {
    const rows = readLimits(readFileSync(file, "utf8"), values).map(({ name, value, unit, meaning }) => [
      code(name),
      grouped(value),
      unit,
      meaning,
    ]);
    return [`## ${title}`, `\`${file}\``, table(["limit", "value", "unit", "meaning"], rows)];
  });
  const source = "the constants in `lib/limits`, `lib/rpc/limits.ts` and `lib/links/limits.ts`";
  return page("docs/limits.md", "Limits", source, parts);
}

/**
 * The limits that a module exports, with their documentation from its source.
 *
 * @throws Error naming each that has no documentation, or a name that tells no unit
 */
export function readLimits(source: string, values: Readonly<Record<string, unknown>>): Limit[] {
  const documented = [...source.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport const (\w+)/g)];
  const meanings = new Map(documented.map(([, comment = "", name = ""]) => [name, proseOf(comment)]));
  const names = [...source.matchAll(/^export const (\w+)/gm)].map(([, name = ""]) => name);
  return names.map((name) => {
    const value = values[name];
    const meaning = meanings.get(name);
    const unit = units.find(([pattern]) => pattern.test(name))?.[1];
    if (typeof value !== "number") throw new Error(`${name} is no number`);
    if (!meaning) throw new Error(`${name} has no documentation`);
    if (!unit) throw new Error(`the name ${name} tells no unit that tools/docs/limits.ts knows`);
    return { name, value, unit, meaning };
  });
}

function proseOf(comment: string): string {
  const lines = comment.split("\n").map((line) => line.replace(/^\s*\*? ?/, "").trim());
  return lines.join(" ").trim();
}
