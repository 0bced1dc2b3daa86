import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { readLimits } from "./limits.js";
import { refreshCommand, table } from "./page.js";
import { allPages } from "./pages.js";

describe("the pages of reference", () => {
  for (const { path, text } of allPages()) {
    it(`are as the code is: ${path}`, () => {
      const found = existsSync(path) ? readFileSync(path, "utf8") : "";
      assert.ok(found === text, `${path} is stale: refresh it by \`${refreshCommand}\``);
    });
  }

  it("name no folder of the machine that made them", () => {
    for (const { path, text } of allPages()) assert.doesNotMatch(text, /\/(root|home|Users)\//, path);
  });
});

describe("the page of limits", () => {
  const documented = "/** Most\n * things. */\nexport const thingBytesMax = 4;\n";

  it("takes the meaning from the documentation and the unit from the name", () => {
    const limit = { name: "thingBytesMax", value: 4, unit: "bytes", meaning: "Most things." };
    assert.deepEqual(readLimits(documented, { thingBytesMax: 4 }), [limit]);
  });

  it("refuses a limit without documentation or unit", () => {
    const bare = "\nexport const otherBytesMax = 5;\n";
    const values = { thingBytesMax: 4, otherBytesMax: 5, thingMax: 6 };
    assert.throws(() => readLimits(documented + bare, values), /otherBytesMax has no documentation/);
    assert.throws(
      () => readLimits("/** Most. */\nexport const thingMax = 6;\n", values),
      /thingMax tells no unit/,
    );
  });
});

describe("a table of Markdown", () => {
  it("keeps its cells apart", () => {
    assert.equal(table(["a", "b"], [["x|y", "1\n2"]]), "| a | b |\n|---|---|\n| x\\|y | 1 2 |");
  });
});
