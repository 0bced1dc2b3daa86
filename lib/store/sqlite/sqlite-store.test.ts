import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { join } from "node:path";
import { NotWritten } from "../log-store.js";
import { storeSuite } from "../store-suite.js";
import { appendOf, logRow, newChannel, newName, newWorkspace, readAll, userRow } from "../suite/samples.js";
import { openSqliteStore, SqliteStore } from "./sqlite-store.js";
import { temporaryFolder } from "./temporary-folder.js";
import { Thread } from "./thread.js";

describe("the store in SQLite", () => {
  const temporary = temporaryFolder();
  let folders = 0;
  const newFolder = () => join(temporary.path, `${++folders}`);

  storeSuite(
    "as any store",
    async () => {
      const folder = newFolder();
      let store = await openSqliteStore({ folder });
      const reopen = async () => {
        await store.close();
        store = await openSqliteStore({ folder });
        return store;
      };
      return { store, reopen, close: () => store.close() };
    },
    true,
  );

  it("writes what many channels append in one turn in one transaction", async () => {
    const store = await openSqliteStore({ folder: newFolder() });
    const appends = Array.from({ length: 200 }, () => appendOf(newChannel(), 1, 5));
    await Promise.all(appends.map((append) => store.append("one", append)));
    assert.equal(store.stats().transactions, 1);
    for (const append of appends) {
      assert.deepEqual(await readAll(store, append.channel), append.rows);
    }
    assert.equal(store.stats().transactions, 1);
    await store.close();
  });

  it("asks once for a thousand equal reads in flight, and anew for what is asked later", async () => {
    const thread = await Thread.start(newFolder());
    const asked: string[] = [];
    const store = new SqliteStore({
      ended: thread.ended,
      listen: (listener) => thread.listen(listener),
      send: (message) => {
        if (message !== "close") asked.push(...message.map(({ name }) => name));
        thread.send(message);
      },
    });
    const [first, second] = [1, 2].map((seq) => appendOf(newChannel(), seq, seq));
    await store.append("one", first!);
    const pages = Promise.all(Array.from({ length: 1000 }, () => readAll(store, first!.channel)));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    await store.append("one", { ...second!, channel: first!.channel });
    assert.equal((await readAll(store, first!.channel)).length, 2);
    for (const page of await pages) assert.deepEqual(page, first!.rows);
    assert.deepEqual(asked, ["append", "readRows", "append", "readRows"]);
    await store.close();
  });

  it("refuses a write that the tables refuse, alone and whole", async () => {
    const store = await openSqliteStore({ folder: newFolder() });
    const [good, bad] = [appendOf(newChannel(), 1, 2), appendOf(newChannel(), 1, 2)];
    const rows = [bad.rows[0]!, logRow(2, { projected: 0.5 })];
    const [, refused, , named] = await Promise.allSettled([
      store.append("one", good),
      store.append("one", { ...bad, rows }),
      store.fence(newName()),
      store.createUser(userRow(newWorkspace(), "a\0b")),
    ]);
    for (const result of [refused, named]) {
      assert.ok(result?.status === "rejected" && result.reason instanceof NotWritten);
    }
    assert.deepEqual(await readAll(store, good.channel), good.rows);
    assert.deepEqual(await readAll(store, bad.channel), []);
    assert.equal(store.stats().transactions, 1);
    await store.close();
  });

  it("ends what is under way before it closes, and takes nothing more", async () => {
    const folder = newFolder();
    const store = await openSqliteStore({ folder });
    const append = appendOf(newChannel(), 1, 3);
    const written = store.append("one", append);
    const closed = store.close();
    await assert.rejects(store.append("one", append), NotWritten);
    await Promise.all([written, closed]);
    await assert.rejects(store.confirm("one"), NotWritten);
    const reopened = await openSqliteStore({ folder });
    assert.deepEqual(await readAll(reopened, append.channel), append.rows);
    await reopened.close();
  });

  it("tells that an outcome is not known when its thread dies, and can be opened again", async () => {
    const folder = newFolder();
    const thread = await Thread.start(folder);
    const events = new EventEmitter();
    const sent = once(events, "sent");
    const store = new SqliteStore({
      ended: thread.ended,
      listen: (listener) => thread.listen({ ...listener, onResult: () => {} }),
      send: (message) => {
        thread.send(message);
        events.emit("sent");
      },
    });
    const append = appendOf(newChannel(), 1, 3);
    const written = store.append("one", append);
    const failed = assert.rejects(
      written,
      (error) => error instanceof Error && !(error instanceof NotWritten),
    );
    await sent;
    await thread.terminate();
    await failed;
    await assert.rejects(store.append("one", append), NotWritten);
    await store.close();
    const reopened = await openSqliteStore({ folder });
    await reopened.append("one", append);
    assert.deepEqual(await readAll(reopened, append.channel), append.rows);
    await reopened.close();
  });
}).timeout(30_000);
