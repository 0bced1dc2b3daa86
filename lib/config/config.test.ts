import assert from "node:assert/strict";
import { z } from "zod";
import { ConfigError, readConfig } from "./config.js";
import { addressText, nameList, parseAddress } from "./values.js";
import { variablesOf } from "./variables.js";

const schema = z.object({
  listenAddress: addressText().default("127.0.0.1:80").describe("Where to listen."),
  secret: z
    .string()
    .regex(/^[a-z]+$/)
    .describe("Opens the door."),
  limits: z.object({
    queueBytesMax: z
      .string()
      .regex(/^\d+$/, "must be a number")
      .transform(Number)
      .default(5)
      .describe("Bound."),
  }),
});

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(schema, env, "web");
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe("configuration", () => {
  it("is read from variables under the prefix, nested objects included", () => {
    const env = { CONFAB_WEB_SECRET: "abc", CONFAB_WEB_LIMITS_QUEUE_BYTES_MAX: "7", PATH: "/bin" };
    assert.deepEqual(readConfig(schema, env, "web"), {
      listenAddress: "127.0.0.1:80",
      secret: "abc",
      limits: { queueBytesMax: 7 },
    });
  });

  it("needs no prefix", () => {
    assert.equal(readConfig(schema, { CONFAB_SECRET: "abc" }).secret, "abc");
  });

  it("takes a variable that is set to nothing as not set", () => {
    assert.deepEqual(faultsOf({ CONFAB_WEB_SECRET: "" }), ["CONFAB_WEB_SECRET: is required"]);
    const env = { CONFAB_WEB_SECRET: "abc", CONFAB_WEB_LISTEN_ADDRESS: "" };
    assert.equal(readConfig(schema, env, "web").listenAddress, "127.0.0.1:80");
  });

  it("tells all faults at once, each with its variable, never with the value", () => {
    const faults = faultsOf({
      CONFAB_WEB_SECRET: "HUNTER2",
      CONFAB_WEB_LISTEN_ADDRESS: "nowhere",
      CONFAB_WEB_LIMITS_QUEUE_BYTES_MAX: "many",
      CONFAB_WEB_LISTENADDRESS: "x:1",
      CONFAB_SECRET: "x",
    });
    assert.deepEqual(
      faults.map((fault) => fault.split(":")[0]),
      [
        "CONFAB_SECRET",
        "CONFAB_WEB_LISTENADDRESS",
        "CONFAB_WEB_LISTEN_ADDRESS",
        "CONFAB_WEB_SECRET",
        "CONFAB_WEB_LIMITS_QUEUE_BYTES_MAX",
      ],
    );
    assert.doesNotMatch(faults.join("\n"), /HUNTER2|nowhere|many/);
  });

  it("names its variables with their descriptions", () => {
    assert.deepEqual(
      variablesOf(schema, ["web"]).map(({ name, description }) => [name, description]),
      [
        ["CONFAB_WEB_LISTEN_ADDRESS", "Where to listen."],
        ["CONFAB_WEB_SECRET", "Opens the door."],
        ["CONFAB_WEB_LIMITS_QUEUE_BYTES_MAX", "Bound."],
      ],
    );
  });

  it("knows addresses", () => {
    assert.deepEqual(parseAddress("localhost:0"), { host: "localhost", port: 0 });
    assert.deepEqual(parseAddress("[::1]:8080"), { host: "::1", port: 8080 });
    for (const text of ["", "localhost", ":80", "a:b", "a:65536", "::1:80", "http://a:1", "a b:1"]) {
      assert.equal(parseAddress(text), undefined, text);
    }
  });

  it("knows lists", () => {
    assert.deepEqual(nameList().parse(" a, b,,c "), ["a", "b", "c"]);
  });
});
