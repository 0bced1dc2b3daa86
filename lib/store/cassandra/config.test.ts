import assert from "node:assert/strict";
import { z } from "zod";
import { ConfigError, readConfig } from "../../config/config.js";
import { cassandraOptions, cassandraVariables, parseReplication, replicationVariable } from "./config.js";

const schema = z.object({ cassandra: cassandraVariables, replication: replicationVariable });

describe("the configuration of the store in Cassandra", () => {
  it("is one node of this machine without any variables, plain and without a user", () => {
    assert.deepEqual(cassandraOptions(readConfig(schema, {}).cassandra), {
      contactPoints: [{ host: "127.0.0.1", port: 9042 }],
      localDatacenter: "datacenter1",
      keyspace: "confab",
      allowDataLoss: false,
    });
  });

  it("has what the variables say", () => {
    const env = {
      CONFAB_CASSANDRA_CONTACT_POINTS: "one:9042, [::1]:9043",
      CONFAB_CASSANDRA_USERNAME: "confab",
      CONFAB_CASSANDRA_PASSWORD: "secret",
      CONFAB_CASSANDRA_TLS_AUTHORITY: "/ca.pem",
      CONFAB_CASSANDRA_ALLOW_DATA_LOSS: "true",
    };
    const options = cassandraOptions(readConfig(schema, env).cassandra);
    assert.deepEqual(options.contactPoints, [
      { host: "one", port: 9042 },
      { host: "::1", port: 9043 },
    ]);
    assert.deepEqual(options.credentials, { username: "confab", password: "secret" });
    assert.deepEqual([options.tls, options.allowDataLoss], [{ authority: "/ca.pem" }, true]);
  });

  it("names the variables that are wrong", () => {
    const env = {
      CONFAB_CASSANDRA_CONTACT_POINTS: "one",
      CONFAB_CASSANDRA_KEYSPACE: "Con-Fab",
      CONFAB_REPLICATION: "0",
    };
    assert.throws(
      () => readConfig(schema, env),
      (error) => error instanceof ConfigError && error.faults.length === 3,
    );
  });

  it("knows replications", () => {
    assert.deepEqual(parseReplication("3"), { replicas: 3 });
    assert.deepEqual(parseReplication("eu:3, us-1:2"), { byDatacenter: { eu: 3, "us-1": 2 } });
    for (const text of ["", "0", "eu", "eu:0", "eu:3,", "a b:3", "-1"]) {
      assert.equal(parseReplication(text), undefined, text);
    }
  });
});
