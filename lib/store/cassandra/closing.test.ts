import assert from "node:assert/strict";
import { sharedCassandra } from "../../../tests/cassandra.js";
import { Metrics } from "../../metrics/metrics.js";
import { cassandraMeter } from "../../metrics/store-meter.js";
import { Fenced, NotWritten } from "../log-store.js";
import { appendOf, logRow, newChannel, newName, readAll } from "../suite/samples.js";
import { openCassandraStore } from "./open-cassandra-store.js";
import { openOn, optionsOn } from "./test-store.js";

describe("a store in Cassandra", () => {
  const server = sharedCassandra();

  it("ends what is under way before it closes, and takes nothing more", async () => {
    const store = await openOn(server());
    const appends = Array.from({ length: 600 }, () => appendOf(newChannel(), 1, 1));
    const written = appends.map((append) => store.append("one", append));
    const closed = store.close();
    await assert.rejects(store.append("one", appends[0]!), NotWritten);
    await Promise.all([...written, closed]);
    await assert.rejects(store.confirm("one"), NotWritten);
    await store.close();
    const reopened = await openOn(server());
    const found = await Promise.all(appends.map(({ channel }) => readAll(reopened, channel)));
    assert.deepEqual(
      found,
      appends.map(({ rows }) => rows),
    );
    await reopened.close();
  });

  it("refuses a write that cannot be kept, alone and whole", async () => {
    const store = await openOn(server());
    const good = appendOf(newChannel(), 1, 2);
    const bad = appendOf(newChannel(), 1, 2);
    const broken = [
      { ...bad, rows: [bad.rows[0]!, logRow(2, { projected: 0.5 })] },
      { ...bad, rows: [bad.rows[0]!, logRow(2, { author: "\u{d800}" })] },
      { ...bad, rows: [bad.rows[0]!, logRow(2, { event: new Uint8Array(9 * 1024 * 1024) })] },
      appendOf("" as typeof bad.channel, 1, 1, { id: 0.5 }),
    ];
    const asked = broken.map((append) => store.append("one", append));
    await Promise.all([store.append("one", good), ...asked.map((one) => assert.rejects(one, NotWritten))]);
    assert.deepEqual(await readAll(store, good.channel), good.rows);
    assert.deepEqual(await readAll(store, bad.channel), []);
    await store.close();
  });

  it("confirms nothing for an incarnation that another process has fenced", async () => {
    const [one, two] = [await openOn(server()), await openOn(server())];
    const incarnation = newName();
    await one.confirm(incarnation);
    await two.fence(incarnation);
    await assert.rejects(one.confirm(incarnation), Fenced);
    await assert.rejects(one.append(incarnation, appendOf(newChannel(), 1, 1)), Fenced);
    await one.close();
    await two.close();
  });

  it("measures each request: what for, how it ended and how long it took", async () => {
    const metrics = new Metrics();
    const store = await openOn(server(), { meter: cassandraMeter(metrics, () => store.stats().waiting) });
    await store.append("one", appendOf(newChannel(), 1, 1));
    await store.readMembers(newChannel());
    await store.confirm("one");
    const text = await metrics.text();
    for (const operation of ["append", "read_members", "confirm"]) {
      const sample = `request_duration_seconds_count{operation="${operation}",outcome="ok"} 1`;
      assert.ok(text.includes(sample), text);
    }
    assert.ok(text.includes("confab_cassandra_waiting_requests 0"), text);
    await store.close();
  });

  it("cannot be opened where nothing listens, and leaves nothing open", async () => {
    const contactPoints = [{ host: "127.0.0.1", port: 1 }];
    await assert.rejects(openCassandraStore(optionsOn({ contactPoints })), /host/i);
  });
}).timeout(60_000);
