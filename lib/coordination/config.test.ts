import assert from "node:assert/strict";
import { z } from "zod";
import { ConfigError, readConfig } from "../config/config.js";
import { coordinatorVariables } from "./config.js";

const schema = z.object(coordinatorVariables);

function faultsOf(env: Record<string, string>): string[] {
  try {
    readConfig(schema, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map((fault) => fault.split(":")[0]!);
    throw error;
  }
  return [];
}

describe("the configuration of the coordinator", () => {
  it("is memory by itself, and needs nothing more for etcd on this machine", () => {
    assert.equal(readConfig(schema, {}).coordinator, "memory");
    const { etcd } = readConfig(schema, { CONFAB_COORDINATOR: "etcd" });
    assert.deepEqual([etcd.endpoints, etcd.prefix], [["http://127.0.0.1:2379"], "confab/"]);
  });

  it("takes several members, a user and certificates", () => {
    const { etcd } = readConfig(schema, {
      CONFAB_ETCD_ENDPOINTS: "https://a:2379, https://[::1]:2379",
      CONFAB_ETCD_USER: "confab",
      CONFAB_ETCD_PASSWORD: "secret",
      CONFAB_ETCD_CA: "ca.pem",
      CONFAB_ETCD_CERTIFICATE: "own.pem",
      CONFAB_ETCD_KEY: "own.key",
    });
    assert.deepEqual(etcd.endpoints, ["https://a:2379", "https://[::1]:2379"]);
  });

  it("names what is wrong with each variable", () => {
    for (const endpoints of [
      ",",
      "a:2379",
      "http://a",
      "ftp://a:1",
      "http://a:1,https://b:1",
      "http://u@a:1",
    ]) {
      assert.deepEqual(faultsOf({ CONFAB_ETCD_ENDPOINTS: endpoints }), ["CONFAB_ETCD_ENDPOINTS"], endpoints);
    }
    assert.deepEqual(faultsOf({ CONFAB_COORDINATOR: "zookeeper", CONFAB_ETCD_PREFIX: "a b" }), [
      "CONFAB_COORDINATOR",
      "CONFAB_ETCD_PREFIX",
    ]);
    assert.deepEqual(faultsOf({ CONFAB_ETCD_PASSWORD: "x" }), ["CONFAB_ETCD_USER"]);
    assert.deepEqual(faultsOf({ CONFAB_ETCD_USER: "x" }), ["CONFAB_ETCD_PASSWORD"]);
    assert.deepEqual(faultsOf({ CONFAB_ETCD_CA: "x" }), ["CONFAB_ETCD_CA"]);
    assert.deepEqual(faultsOf({ CONFAB_ETCD_KEY: "x" }), ["CONFAB_ETCD_CERTIFICATE"]);
  });

  it("sends no password in the clear to another machine", () => {
    const user = { CONFAB_ETCD_USER: "x", CONFAB_ETCD_PASSWORD: "secret" };
    const faults = (endpoints: string) => faultsOf({ ...user, CONFAB_ETCD_ENDPOINTS: endpoints });
    for (const far of [
      "http://etcd:2379",
      "http://127.0.0.1.example.com:1",
      "http://127.0.0.1:1,http://10.0.0.1:1",
    ]) {
      assert.deepEqual(faults(far), ["CONFAB_ETCD_PASSWORD"], far);
      assert.deepEqual(faultsOf({ CONFAB_ETCD_ENDPOINTS: far }), [], far);
    }
    for (const safe of ["https://etcd:2379", "http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1"]) {
      assert.deepEqual(faults(safe), [], safe);
    }
  });
});
