import assert from "node:assert/strict";
import { crossedBorders, strayEnvironment } from "./boundary-rules.js";
import { impureCore } from "./core-rule.js";
import { longFunctions } from "./length-rule.js";
import { type Complaint, type Source, useCompiler } from "./parse.js";
import { crookedName, foreignText, longMedian, longTexts, missingReadmes } from "./text-rules.js";

const clean = (complaints: readonly Complaint[]) => assert.ok(complaints.length === 0, complaints.join("\n"));
const lines = (count: number) => Array.from({ length: count }, (_, i) => `  use(${i});`).join("\n");

describe("the tidy rules", () => {
  const compiler = useCompiler();
  const check = (rule: (source: Source) => Complaint[], path: string, text: string) =>
    compiler({ [path]: text }, rule);

  describe("the rules about text", () => {
    it("see a long file and a long line", () => {
      assert.deepEqual(longTexts("a.ts", lines(301)), ["a.ts:1: 301 lines"]);
      assert.deepEqual(longTexts("a.ts", `\n${"x".repeat(111)}`), ["a.ts:2: 111 columns"]);
      clean(longTexts("a.ts", `${lines(299)}\n${"x".repeat(110)}\n`));
    });

    it("see a high median", () => {
      assert.equal(longMedian([lines(10), lines(81), lines(90)]).length, 1);
      clean(longMedian([lines(10), lines(80), lines(290)]));
    });

    it("see a name that is not kebab-case", () => {
      for (const path of ["lib/aB.ts", "lib/a_b.ts", "lib/Ring/ring.ts"])
        assert.equal(crookedName(path).length, 1);
      clean(crookedName("lib/event-frame.test.ts"));
    });

    it("see words about plans and machines", () => {
      const place = ["", "work", "main"].join("/");
      for (const text of [
        `// see issue ${"#"}12`,
        `see ${place}`,
        `cd ${["", "tmp", "x"].join("/")}`,
        "FIX".concat("ME"),
      ]) {
        assert.equal(foreignText("a.md", `fine\n${text}`).length, 1, text);
      }
      clean(foreignText("a.md", `the ticket opens one socket; https://example.org${place}; tests/work/x`));
    });

    it("see a service without a README.md", () => {
      const paths = ["services/a/main.ts", "services/a/README.md", "services/b/core/x.ts"];
      assert.deepEqual(missingReadmes(paths), ["services/b: no README.md"]);
    });
  });

  describe("the rule about long functions", () => {
    const long = (text: string) => check(longFunctions, "lib/a.ts", text).length;

    it("sees declarations, methods and arrow functions of 61 lines", () => {
      assert.equal(long(`function f() {\n${lines(59)}\n}`), 1);
      assert.equal(long(`class A {\n  m(): { a: 1 } {\n${lines(59)}\n  }\n}`), 1);
      assert.equal(long(`const f = async (a: string) => {\n${lines(59)}\n};`), 1);
      assert.equal(long(`it("works", function () {\n${lines(59)}\n});`), 1);
    });

    it("lets 60 lines, long tables and long classes be", () => {
      assert.equal(long(`/** Doc. */\nfunction f() {\n${lines(58)}\n}`), 0);
      assert.equal(
        long(`const table = {\n${lines(70).replaceAll(/use\((\d+)\);/g, '"{$1": "`) => {",')}\n};`),
        0,
      );
      assert.equal(long(`class A {\n${"  m() {\n  }\n".repeat(40)}}`), 0);
    });

    it("counts no lines of a test for the list that it is in", () => {
      const test = `  it("b", () => {\n${lines(29)}\n  });\n`;
      assert.equal(long(`function cases() {\n${test.repeat(4)}}`), 0);
      assert.equal(long(`function cases() {\n${test}${lines(59)}\n}`), 1);
    });

    it("counts no lines of a describe, but those of the tests in it", () => {
      assert.equal(long(`function suite() {\n  describe("a", () => {\n${lines(70)}\n  });\n}`), 0);
      assert.equal(long(`describe("a", () => {\n  it("b", () => {\n${lines(59)}\n  });\n});`), 1);
    });
  });

  describe("the rule about the environment", () => {
    const found = (path: string, text: string) => check(strayEnvironment, path, text).length;

    it("sees every way to read it", () => {
      assert.equal(found("lib/a.ts", "const home = process.env.HOME;"), 1);
      assert.equal(found("services/a/b.ts", 'f(globalThis.process["env"]);'), 1);
      assert.equal(found("clients/a.ts", 'import { env as all } from "node:process";'), 1);
    });

    it("lets config.ts, tools and the word alone be", () => {
      assert.equal(found("lib/config/config.ts", "f(process.env);"), 0);
      assert.equal(found("tools/a.ts", "f(process.env);"), 0);
      assert.equal(found("lib/a.ts", '// process.env\nconst text = "process.env"; f(other.env);'), 0);
    });
  });

  describe("the rule about borders", () => {
    const found = (path: string, module: string, from = "import { a }") =>
      check(crossedBorders, path, `${from} from "${module}";`).length;

    it("sees a service in another one and below", () => {
      assert.equal(found("services/a/core/x.ts", "../../b/server.js"), 1);
      assert.equal(found("services/a/x.ts", "../b/core/x.js", "export *"), 1);
      assert.equal(found("lib/x/y.ts", "../../services/a/server.js", "import type { a }"), 1);
      assert.equal(check(crossedBorders, "services/a/x.ts", 'await import("../b/x.js");').length, 1);
    });

    it("lets services/local have the top of each service, not its rooms", () => {
      assert.equal(found("services/local/wire.ts", "../channel/server.js"), 0);
      assert.equal(found("services/local/wire.ts", "../channel/core/owner.js"), 1);
    });

    it("lets a service have itself, lib and gen", () => {
      assert.equal(found("services/a/core/x.ts", "../server.js"), 0);
      assert.equal(found("services/a/core/x.ts", "../../../lib/ids/ids.js"), 0);
      assert.equal(found("services/a/x.ts", "node:fs"), 0);
    });
  });

  describe("the rule about cores", () => {
    const found = (text: string, path = "services/a/core/x.ts") => check(impureCore, path, text).length;

    it("sees time, chance, timers, waiting and Node's modules", () => {
      for (const text of [
        "const now = new Date();",
        "const now = globalThis.Date.now();",
        "const chance = Math.random();",
        "setTimeout(f, 1);",
        "const later = setInterval;",
        "setImmediate(f);",
        "queueMicrotask(f);",
        'import { readFileSync } from "node:fs";',
        'import fs from "fs";',
        "const f = async () => 1;",
      ]) {
        assert.equal(found(text), 1, text);
      }
      assert.ok(found("async function f() { await g(); }") > 1);
      assert.ok(found("async function* f() { for await (const a of g()) yield a; }") > 1);
    });

    it("lets words, members and other folders be", () => {
      assert.equal(
        found('// Date, await\nconst a = "setTimeout"; clock.setTimeout(b.Date); const c = { Date: 1 };'),
        0,
      );
      assert.equal(found("Math.floor(1.5);"), 0);
      assert.equal(found("setTimeout(f, 1);", "services/a/x.ts"), 0);
      assert.equal(found('import assert from "node:assert/strict";', "services/a/core/x.test.ts"), 0);
    });
  });
});
