import assert from "node:assert/strict";
import { type Client, types } from "cassandra-driver";
import { sharedCassandra } from "../../../tests/cassandra.js";
import { createClient } from "./client.js";
import { FakeClient, invalid } from "./fake-client.js";
import { homeFaults, noteHome } from "./home.js";
import { openCassandraStore } from "./open-cassandra-store.js";
import { newKeyspace, openOn, optionsOn } from "./test-store.js";

describe("the home of a keyspace", () => {
  it("is agreed on by all data centres, once", async () => {
    const absent = new FakeClient();
    await noteHome(absent.driver, "confab", "here");
    assert.equal(absent.asked.length, 2);
    assert.deepEqual(absent.asked[1]!.params, ["here"]);
    assert.equal(absent.asked[1]!.options.serialConsistency, types.consistencies.serial);
    const present = new FakeClient(() => ({ rows: [{ datacenter: "there" }] as never }));
    await noteHome(present.driver, "confab", "here");
    assert.equal(present.asked.length, 1);
  });

  it("must be told: it is a fault that it is not noted, and a failure that it cannot be read", async () => {
    const answering = (answer: () => object) => homeFaults(new FakeClient(answer).driver, "confab", "here");
    const fail = (error: Error) => () => {
      throw error;
    };
    const untold = ["the keyspace confab does not tell its home data centre: run confab-migrate"];
    assert.deepEqual(await answering(() => ({})), untold);
    assert.deepEqual(await answering(fail(invalid("table home does not exist"))), untold);
    await assert.rejects(answering(fail(new Error("no answer"))), /no answer/);
    assert.deepEqual(await answering(() => ({ rows: [{ datacenter: "here" }] })), []);
  });
});

describe("a keyspace in Cassandra that is at home elsewhere", () => {
  const server = sharedCassandra();
  let client: Client;
  before(() => {
    client = createClient(optionsOn(server()));
  });
  after(() => client?.shutdown());

  it("is refused by name, also after it was migrated again, unless losses are allowed", async () => {
    const keyspace = newKeyspace();
    const options = optionsOn(server(), { keyspace });
    await (await openOn(server(), { keyspace })).close();
    assert.deepEqual(await homeFaults(client, keyspace, "datacenter1"), []);
    const move = `UPDATE ${keyspace}.home SET datacenter = 'elsewhere' WHERE name = 'home' IF EXISTS`;
    await client.execute(move);
    await assert.rejects(openCassandraStore({ ...options, allowDataLoss: false }), {
      name: "UnsafeSettings",
      message: new RegExp(`the keyspace ${keyspace} is at home in elsewhere, not in datacenter1`),
    });
    await (await openCassandraStore(options)).close();
  });
}).timeout(120_000);
