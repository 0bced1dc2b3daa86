import assert from "node:assert/strict";
import { isBuiltin } from "node:module";
import { createContext, runInContext } from "node:vm";
import { type BuildResult, build, type Metafile, stop } from "esbuild";

describe("the client in a browser", () => {
  let code: string;
  let metafile: Metafile;

  before(async () => {
    const result: BuildResult<{ write: false; metafile: true }> = await build({
      entryPoints: ["clients/sdk/index.ts"],
      bundle: true,
      platform: "browser",
      format: "iife",
      globalName: "confab",
      target: "es2022",
      write: false,
      metafile: true,
      logLevel: "silent",
    });
    code = result.outputFiles[0]!.text;
    metafile = result.metafile;
  });

  after(() => stop());

  it("is bundled without anything of Node, of gRPC, or of the packages for HTTP and WebSockets", () => {
    const inputs = Object.entries(metafile.inputs);
    assert.ok(inputs.length > 20);
    for (const [path, { imports }] of inputs) {
      assert.doesNotMatch(path, /node_modules\/(@grpc|ws|undici)\//);
      for (const { path: imported, external } of imports) {
        assert.ok(!external && !isBuiltin(imported), `${path} imports ${imported}`);
      }
    }
  });

  it("runs with nothing but what browsers have", async () => {
    const asked: string[] = [];
    const fetch = async (url: string) => {
      asked.push(url);
      return { status: 200, text: async () => '{"results":[{"position":{"seq":7,"id":8}}]}' };
    };
    const browser = {
      fetch,
      setTimeout,
      clearTimeout,
      queueMicrotask,
      AbortController,
      atob,
      btoa,
      TextDecoder,
    };
    const context = createContext({ ...browser, TextEncoder });
    runInContext(code, context);
    const program = `(async () => {
      const client = confab.connect({ url: "https://chat.test/", token: "t" });
      const position = await client.post("C000000000001", "hi");
      await client.close();
      return JSON.stringify(position);
    })()`;
    assert.equal(await runInContext(program, context), '{"seq":7,"id":8}');
    assert.deepEqual(asked, ["https://chat.test/confab.v1.Messaging/PostMessages"]);
  });
});
