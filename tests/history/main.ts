import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { parseRecord } from "./records.js";
import { Verifier } from "./verifier.js";

const [file] = process.argv.slice(2);
if (!file) {
  console.error("usage: npm run verify -- FILE");
  process.exit(2);
}

const verifier = new Verifier();
let line = 0;
try {
  for await (const text of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    line++;
    verifier.see(parseRecord(text));
  }
} catch (error) {
  console.error(`${file}, line ${line}: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(2);
}
if (line === 0) {
  console.error(`${file}: no records`);
  process.exit(2);
}
const verdict = verifier.finish();
console.log(JSON.stringify(verdict));
process.exitCode = Object.keys(verdict.broken).length === 0 ? 0 : 1;
