import assert from "node:assert/strict";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { renderEnvoy } from "../../tools/mesh/envoy/render.js";
import { EnvoyProcess, validateConfig } from "./envoy-process.js";
import { EnvoyStage, needsEnvoy } from "./stage.js";

describe("Envoy's configuration", function () {
  this.timeout(30_000);
  needsEnvoy();
  let stage: EnvoyStage;
  before(async () => {
    stage = await EnvoyStage.open();
  });
  after(() => stage?.close());

  const complaints = async (config: string) => {
    const file = join(stage.folder, "envoy.yaml");
    await writeFile(file, config);
    return validateConfig(file);
  };

  it("is taken as it stands, with files in the places that it names, without a warning", async () => {
    const { edge, identity } = await stage.site();
    const plain = await readFile("envoy/envoy.yaml", "utf8");
    const files: [string, string][] = [
      ["edge/tls.crt", edge.certificate],
      ["edge/tls.key", edge.key],
      ["mesh/tls.crt", identity.certificate],
      ["mesh/tls.key", identity.key],
      ["mesh/ca.crt", identity.authority],
    ];
    for (const [name, file] of files) await copyFile(file, join(stage.folder, name.replace("/", "-")));
    const moved = plain.replaceAll(/\/etc\/confab\/tls\/(\w+)\//g, join(stage.folder, "$1-"));
    assert.equal(await complaints(moved), "");
    assert.match(await complaints(plain), /etc\/confab\/tls/);
  });

  it("is taken as rendered, with and without a collector of traces", async () => {
    const site = await stage.site({ upstreams: { web: [{ port: 1 }, { port: 2 }] } });
    assert.equal(await complaints(renderEnvoy(site)), "");
    assert.equal(await complaints(renderEnvoy({ ...site, otlp: "127.0.0.1:4317" })), "");
  });

  it("warns of nothing when it runs, and a wrong one would not start", async () => {
    const { envoy } = await stage.envoy();
    assert.equal(envoy.errors, "");
    await assert.rejects(
      EnvoyProcess.start(stage.folder, "admin: { port: 1 }", "127.0.0.1:1"),
      /has unknown fields/,
    );
  });
});
