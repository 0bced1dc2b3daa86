import assert from "node:assert/strict";
import { errors, types } from "cassandra-driver";
import { NotWritten } from "../log-store.js";
import type { RelatedRow } from "../projection-store.js";
import { annotation, appendOf, newChannel, relatedRow } from "../suite/samples.js";
import { FakeClient } from "./fake-client.js";
import { Fences } from "./fences.js";
import { LogTables } from "./log-tables.js";
import { ProjectionTables } from "./projection-tables.js";
import { Requests } from "./requests.js";

const mebibyte = 1024 * 1024;
const unreachable = () => new errors.NoHostAvailableError({}, "nobody is there");

describe("requests to Cassandra", () => {
  /** Bytes of the blobs of each request that writes rows of one partition. */
  async function sizesOf(bytes: readonly number[]): Promise<number[]> {
    const client = new FakeClient();
    const statements = bytes.map((size) => ({
      ...{ query: "INSERT INTO notes (value) VALUES (?)", params: [Buffer.alloc(size)], partition: "one" },
    }));
    await new Requests(client.driver).writeRows("annotate", statements);
    return client.asked.map(({ params }) =>
      params.reduce<number>((sum, it) => sum + (it as Buffer).length, 0),
    );
  }

  it("write rows of one partition together, to 100 of them or 1 MiB, but one at the least", async () => {
    assert.deepEqual(await sizesOf(Array.from({ length: 250 }, () => 1)), [100, 100, 50]);
    const half = mebibyte / 2;
    assert.deepEqual(await sizesOf([half, half, 1]), [mebibyte, 1]);
    assert.deepEqual(await sizesOf([1, 3 * mebibyte, 1, 1]), [1, 3 * mebibyte, 2]);
  });

  it("count the bytes of texts as they are sent", async () => {
    const client = new FakeClient();
    const channel = newChannel();
    const rows = [1, 2, 3].map((target) => annotation(target, { channel, value: "é".repeat(mebibyte / 4) }));
    await new ProjectionTables(new Requests(client.driver), "confab").annotate(rows);
    assert.deepEqual(
      client.asked.map(({ query }) => query.split(";").length),
      [1, 1, 1],
    );
  });

  it("read all pages before an incarnation is confirmed", async () => {
    const pages = new FakeClient(({ options }) =>
      options.pageState === undefined ? { pageState: "next" } : { rows: [{ incarnation: "one" }] as never },
    );
    const fences = new Fences(new Requests(pages.driver), "confab");
    await assert.rejects(fences.confirm("one"), /has been fenced/);
  });
});

describe("erasures in Cassandra of which some fail", () => {
  const erasureOf = (seq: number) => ({
    ...{ channel: newChannel(), bucket: 1, seq, author: "", clientMsgId: "", written: 9 },
    event: Uint8Array.of(1),
  });

  /** Erases places 1 to 3, each of its own channel, when so many of the writes can be sent. */
  async function eraseWhen(sendable: number) {
    let applied = 0;
    let failed = 0;
    const client = new FakeClient(async ({ query }) => {
      if (query.startsWith("SELECT")) return {};
      if (failed < 3 - sendable) {
        failed++;
        throw unreachable();
      }
      await new Promise((resolve) => setImmediate(resolve));
      applied++;
      return {};
    });
    const log = new LogTables(new Requests(client.driver), "confab");
    const error = await log.erase([1, 2, 3].map(erasureOf)).then(
      () => undefined,
      (reason: Error) => reason,
    );
    return { applied, error };
  }

  it("reject when all have ended, as not written only if none was", async () => {
    const { applied, error } = await eraseWhen(2);
    assert.equal(applied, 2);
    assert.ok(error && !(error instanceof NotWritten), `${error}`);
    assert.ok((await eraseWhen(0)).error instanceof NotWritten);
    assert.deepEqual(await eraseWhen(3), { applied: 3, error: undefined });
  });
});

describe("an append to Cassandra", () => {
  it("of more than 4 MiB is refused before it is sent", async () => {
    const client = new FakeClient();
    const log = new LogTables(new Requests(client.driver), "confab");
    const appendWith = (bytes: number) =>
      log.append(appendOf(newChannel(), 1, 1, { event: new Uint8Array(bytes) }));
    await appendWith(4 * mebibyte);
    await assert.rejects(appendWith(4 * mebibyte + 1), NotWritten);
    assert.equal(client.asked.length, 1);
  });
});

describe("relations in Cassandra", () => {
  const isBlock = ({ query }: { readonly query: string }) => query.includes("related_blocks");

  it("list a block when its rows are written, and not before", async () => {
    let write = () => {};
    const client = new FakeClient((asked) =>
      isBlock(asked) ? {} : new Promise((resolve) => (write = () => resolve({}))),
    );
    const related = new ProjectionTables(new Requests(client.driver), "confab").relate([relatedRow(1)]);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(client.asked.map(isBlock), [false]);
    write();
    await related;
    assert.deepEqual(client.asked.map(isBlock), [false, true]);
  });

  it("are not known to be unwritten when only the block could not be listed", async () => {
    for (const failing of [true, false]) {
      const client = new FakeClient((asked) => {
        if (isBlock(asked) === failing) throw unreachable();
        return {};
      });
      const related = new ProjectionTables(new Requests(client.driver), "confab").relate([relatedRow(1)]);
      await assert.rejects(related, (error) => error instanceof NotWritten !== failing);
    }
  });
});

describe("a downward read of relations in Cassandra", () => {
  /** As a node tells a reply. */
  const toldOf = (row: RelatedRow) => {
    const { channel, target, kind, id, seq, messageId, author, deleted, written } = row;
    const numbers = { target, id, seq, message_id: messageId, written };
    const longs = Object.entries(numbers).map(([name, value]) => [name, types.Long.fromNumber(value)]);
    return { channel_id: channel, kind, author, deleted, ...Object.fromEntries(longs) };
  };

  it("goes on below a block that was filled while it was read", async () => {
    const [old, late] = [relatedRow(2), relatedRow(9000)];
    const answers = [
      [{ block: types.Long.fromNumber(0) }, { block: types.Long.fromNumber(1) }],
      ...[[], [toldOf(late)], [toldOf(old)]],
    ];
    const client = new FakeClient(() => ({ rows: answers.shift() as never }));
    const { channel, target, kind } = old;
    const range = { channel, target, kind, after: old.id - 1, limit: 9, downward: true };
    const tables = new ProjectionTables(new Requests(client.driver), "confab");
    assert.deepEqual(await tables.readRelated(range, () => {}), [old]);
  });
});
