import assert from "node:assert/strict";
import { crossedBorders, strayEnvironment } from "./tidy/boundary-rules.js";
import { impureCore } from "./tidy/core-rule.js";
import { longFunctions } from "./tidy/length-rule.js";
import { type Complaint, useCompiler } from "./tidy/parse.js";
import { listFiles, listSources, readText } from "./tidy/repository.js";
import { crookedName, foreignText, longMedian, longTexts, missingReadmes } from "./tidy/text-rules.js";

const clean = (complaints: readonly Complaint[]) => assert.ok(complaints.length === 0, complaints.join("\n"));

describe("the sources", function () {
  // Every file is parsed.
  this.timeout(60_000);
  const check = useCompiler();
  const paths = listSources();
  const texts = Object.fromEntries(paths.map((path) => [path, readText(path) ?? ""]));
  const all = (rule: (path: string, text: string) => Complaint[]) =>
    Object.entries(texts).flatMap(([path, text]) => rule(path, text));

  it("are found", () => assert.ok(paths.includes("tests/tidy.test.ts")));
  it("are short files of short lines", () => clean(all(longTexts)));
  it("have kebab-case names", () => clean(all(crookedName)));
  it("are mostly much shorter than the longest", () =>
    clean(longMedian(Object.entries(texts).flatMap(([path, text]) => (isTest(path) ? [] : [text])))));
  it("have functions of one screen", () => clean(check(texts, longFunctions)));
  it("read the environment in config.ts only", () => clean(check(texts, strayEnvironment)));
  it("keep services apart", () => clean(check(texts, crossedBorders)));
  it("have pure cores", () => clean(check(texts, impureCore)));
});

describe("the files", () => {
  const paths = listFiles();

  it("have a README.md in every service", () => clean(missingReadmes(paths)));
  it("speak of the project alone", () =>
    clean(paths.flatMap((path) => foreignText(path, readText(path) ?? ""))));
});

function isTest(path: string): boolean {
  return path.startsWith("tests/") || path.endsWith(".test.ts");
}
