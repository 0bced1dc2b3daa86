// `npm run docs`: writes the pages of reference that are made from tables in the code.
import { writeFileSync } from "node:fs";
import { allPages } from "./docs/pages.js";

for (const { path, text } of allPages()) {
  writeFileSync(path, text);
  console.log(`wrote ${path}`);
}
