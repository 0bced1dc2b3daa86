import type { CqlValue } from "./columns.js";
import type { WriteStatement } from "./requests.js";

/** Most statements of one batch of rows that need not be written together. */
const statementsMax = 100;
/** Most bytes of their parameters, far below what a node takes at once; one statement may have more. */
const bytesMax = 1024 * 1024;

/** Rows in groups that can be sent together: those of one partition, so many and so large. */
export function writeChunks(statements: readonly WriteStatement[]): WriteStatement[][] {
  const partitions = new Map<string, WriteStatement[]>();
  for (const statement of statements) {
    const together = partitions.get(statement.partition);
    if (together) together.push(statement);
    else partitions.set(statement.partition, [statement]);
  }
  return [...partitions.values()].flatMap(chunksOf);
}

function chunksOf(statements: readonly WriteStatement[]): WriteStatement[][] {
  const found: WriteStatement[][] = [];
  let chunk: WriteStatement[] = [];
  let bytes = 0;
  for (const statement of statements) {
    const more = statement.params.reduce<number>((sum, value) => sum + bytesOf(value), 0);
    if (chunk.length === 0 || chunk.length === statementsMax || bytes + more > bytesMax) {
      chunk = [];
      bytes = 0;
      found.push(chunk);
    }
    chunk.push(statement);
    bytes += more;
  }
  return found;
}

function bytesOf(value: CqlValue): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  return typeof value === "object" ? value.byteLength : 8;
}
