import { readFileSync } from "node:fs";
import { topOf } from "./top.js";

const entriesMax = 25;

/** Prints the top of each profile, as shares of the time in which its thread was busy. */
export function printTop(files: readonly string[]): void {
  for (const file of files) {
    console.log(file);
    for (const { name, share } of topOf(readFileSync(file, "utf8"), entriesMax)) {
      console.log(`${(share * 100).toFixed(1).padStart(6)} %  ${name}`);
    }
  }
}
