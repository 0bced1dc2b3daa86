import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { applyEdits, setLimit } from "./edit.js";
import { fewSlots, lowLimits } from "./limits.js";
import { mutations } from "./mutations.js";

const url = "file:///somewhere/lib/limits/limits.js";

describe("an edit of compiled code", () => {
  it("changes the file that it names and no other one", () => {
    const edits = [setLimit("lib/limits/limits.ts", "rowsMax", 20)];
    assert.equal(applyEdits(edits, url, "export const rowsMax = 10_000;"), "export const rowsMax = 20;");
    const other = "file:///somewhere/lib/other/limits.js";
    assert.equal(
      applyEdits(edits, other, "export const rowsMax = 10_000;"),
      "export const rowsMax = 10_000;",
    );
  });

  it("takes the replacement as it is", () => {
    const edits = [{ file: "lib/limits/limits.ts", find: "a", replace: "$&" }];
    assert.equal(applyEdits(edits, url, "a"), "$&");
  });

  it("fails where it does not fit, or fits twice", () => {
    const edits = [{ file: "lib/limits/limits.ts", find: "hare", replace: "there" }];
    assert.throws(() => applyEdits(edits, url, "not there"), /fits 0 times/);
    assert.throws(() => applyEdits(edits, url, "hare and hare"), /fits 2 times/);
  });

  it("fits what is compiled, whichever bug it puts in", () => {
    const root = new URL("../../../", import.meta.url);
    for (const [name, edits] of Object.entries({ limits: [...fewSlots, ...lowLimits], ...mutations })) {
      for (const file of new Set(edits.map((edit) => edit.file))) {
        const target = new URL(file.replace(/\.ts$/, ".js"), root);
        assert.ok(applyEdits(edits, target.href, readFileSync(target, "utf8")), name);
      }
    }
  });
});
