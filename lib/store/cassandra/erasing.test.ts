import assert from "node:assert/strict";
import type { Client } from "cassandra-driver";
import { sharedCassandra } from "../../../tests/cassandra.js";
import { appendOf, firstEpoch, newChannel, startUs } from "../suite/samples.js";
import type { CassandraStore } from "./cassandra-store.js";
import { createClient } from "./client.js";
import { openOn, optionsOn } from "./test-store.js";

describe("what is erased in Cassandra", () => {
  const server = sharedCassandra();
  let store: CassandraStore;
  let client: Client;
  before(async () => {
    store = await openOn(server());
    client = createClient(optionsOn(server()));
  });
  after(async () => {
    await store?.close();
    await client?.shutdown();
  });

  /** The events that the table itself has, whatever a read would show. */
  async function kept(channel: string): Promise<string[]> {
    const { keyspace } = optionsOn(server());
    const query = `SELECT epoch, event FROM ${keyspace}.log WHERE channel_id = ? AND bucket = ?`;
    const { rows } = await client.execute(query, [channel, startUs]);
    return rows.map((row) => row.event.toString());
  }

  it("is in the table no more, in rows of no epoch, and does not come back", async () => {
    const { channel, ...rest } = appendOf(newChannel(), 1, 1, { epoch: firstEpoch + 1 });
    const appends = [{ channel, ...rest }, appendOf(channel, 1, 1), appendOf(channel, 1, 1, { epoch: 1 })];
    for (const append of appends.slice(0, 2)) await store.append("one", append);
    assert.deepEqual(await kept(channel), ["event 1", "event 1"]);
    const event = Buffer.from("gone");
    const place = { channel, bucket: startUs, seq: 1, author: "", clientMsgId: "" };
    await store.erase([{ ...place, event, written: startUs + 100 }]);
    assert.deepEqual(await kept(channel), ["gone", "gone"]);
    for (const append of appends) await store.append("one", append);
    assert.deepEqual(await kept(channel), ["gone", "gone"]);
  });
}).timeout(60_000);
