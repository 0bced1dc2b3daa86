import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { StoredSeqs } from "./stored-seqs.js";

describe("StoredSeqs", () => {
  let folder: string;
  let database: Database.Database;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "confab-stored-seqs-"));
    database = new Database(join(folder, "confab.db"));
  });
  after(() => {
    database.close();
    rmSync(folder, { recursive: true });
  });

  it("sees what another connection has committed, and nothing that it has not", () => {
    database.pragma("journal_mode = WAL");
    database.exec(`CREATE TABLE log (channel_id TEXT, bucket INTEGER, seq INTEGER, epoch INTEGER,
      PRIMARY KEY (channel_id, bucket, seq, epoch)) WITHOUT ROWID`);
    database.exec(
      "INSERT INTO log VALUES ('C1', 10, 1, 1), ('C1', 10, 2, 1), ('C1', 20, 3, 1), ('C2', 5, 9, 1)",
    );
    const stored = new StoredSeqs(folder);
    assert.equal(stored.reaches("C1", 3), true);
    assert.equal(stored.reaches("C1", 4), false);
    assert.equal(stored.reaches("C3", 1), false);
    database.exec("BEGIN");
    database.exec("INSERT INTO log VALUES ('C1', 20, 4, 1)");
    assert.equal(stored.reaches("C1", 4), false);
    database.exec("COMMIT");
    assert.equal(stored.reaches("C1", 4), true);
    stored.close();
  });
});
