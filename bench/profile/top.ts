import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** A profile as V8 writes it: a tree of calls, and which of them ran at each sample. */
const profileSchema = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() }),
    }),
  ),
  samples: z.array(z.number()),
  /** µs from one sample to the next. */
  timeDeltas: z.array(z.number()),
});

/** A function and its share of the time in which the thread was not idle, without what it called. */
export interface Entry {
  readonly name: string;
  readonly share: number;
}

/** The functions that took most, the greatest first. @throws if it is not a profile */
export function topOf(text: string, count: number): Entry[] {
  const { nodes, samples, timeDeltas } = profileSchema.parse(JSON.parse(text));
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  let busy = 0;
  samples.forEach((id, at) => {
    const name = names.get(id) ?? "?";
    if (name === "(idle)") return;
    const us = timeDeltas[at] ?? 0;
    busy += us;
    times.set(name, (times.get(name) ?? 0) + us);
  });
  const entries = [...times].map(([name, us]) => ({ name, share: us / busy }));
  return entries.sort((a, b) => b.share - a.share).slice(0, count);
}

function nameOf({
  functionName,
  url,
  lineNumber,
}: {
  functionName: string;
  url: string;
  lineNumber: number;
}) {
  if (url === "") return functionName;
  const file = url.startsWith("file:") ? basename(fileURLToPath(url)) : url;
  return `${functionName || "(anonymous)"} ${file}:${lineNumber + 1}`;
}
