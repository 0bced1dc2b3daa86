import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const actionPattern = /\$case: "notice"/;

/** The compiled sources below a folder that give the command. */
function givers(folder: string): string[] {
  const files = readdirSync(join("dist", folder), { recursive: true, encoding: "utf8" });
  const sources = files.filter((file) => file.endsWith(".js") && !file.endsWith(".test.js"));
  return sources.map((file) => join(folder, file)).filter(isGiver);
}

const isGiver = (file: string) => actionPattern.test(readFileSync(join("dist", file), "utf8"));

describe("the command that tells a user of a membership", () => {
  it("is given by channel servers alone: no method of the API leads to it", () => {
    assert.deepEqual(
      [...givers("services"), ...givers("lib"), ...givers("clients")],
      ["services/channel/tell-user.js"],
    );
  });
});
