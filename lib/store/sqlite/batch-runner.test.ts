import assert from "node:assert/strict";
import Database from "libsql";
import { makeId } from "../../ids/ids.js";
import { BatchRunner } from "./batch-runner.js";
import { directoryOperations } from "./directory-operations.js";
import { logOperations } from "./log-operations.js";
import { migrate } from "./migrate.js";
import { migrations } from "./migrations.js";
import type { Outcome, Request } from "./operations.js";

/** A database of which a test can make COMMIT fail, with the transaction gone or still open. */
class FailingDatabase extends Database {
  commit: "works" | "breaks" | "is busy" = "works";

  override exec(sql: string): this {
    if (sql !== "COMMIT" || this.commit === "works") return super.exec(sql);
    if (this.commit === "breaks") super.exec("ROLLBACK");
    throw new Database.SqliteError("no luck", "SQLITE_IOERR", 10);
  }
}

describe("the batches of SQLite", () => {
  let database: FailingDatabase;
  let runner: BatchRunner;
  beforeEach(() => {
    database = new FailingDatabase(":memory:");
    migrate(database, migrations);
    runner = new BatchRunner(database, { ...logOperations(database), ...directoryOperations(database) });
  });
  afterEach(() => {
    database.close();
  });

  const fence = (incarnation: string): Request => ({ name: "fence", args: [incarnation] });
  const confirm = (incarnation: string): Request => ({ name: "confirm", args: [incarnation] });
  const run = (...batch: Request[]) => runner.run(batch).outcomes.map(kindOf);

  it("answers reads by what the batch has written", () => {
    assert.deepEqual(run(confirm("one"), fence("one"), confirm("two")), ["fenced", "done", "done"]);
  });

  it("begins no transaction for reads alone", () => {
    assert.equal(runner.run([confirm("one")]).transactions, 0);
    assert.equal(runner.run([fence("one")]).transactions, 1);
  });

  it("has written nothing when the disk is full before the commit", () => {
    const pages = Number(database.prepare("PRAGMA page_count").pluck().all()[0]);
    database.exec(`PRAGMA max_page_count = ${pages + 2}`);
    const long = "x".repeat(20_000);
    const outcomes = run(fence("one"), fence(long), confirm("one"));
    assert.deepEqual(outcomes, ["not written", "not written", "done"]);
    assert.deepEqual(run(fence("one"), confirm("one")), ["done", "fenced"]);
  });

  it("has written nothing when the commit left the transaction open", () => {
    database.commit = "is busy";
    assert.deepEqual(run(fence("one"), confirm("one")), ["not written", "done"]);
    database.commit = "works";
    assert.deepEqual(run(fence("one"), confirm("one")), ["done", "fenced"]);
  });

  it("does not know what a broken commit has written", () => {
    database.commit = "breaks";
    assert.deepEqual(run(fence("one"), fence("two")), ["unknown", "unknown"]);
    database.commit = "works";
    assert.deepEqual(run(fence("one"), confirm("one")), ["done", "fenced"]);
  });

  it("tells why an operation failed", () => {
    const [outcome] = runner.run([
      { name: "createWorkspace", args: [{ id: makeId("W", Math.random) }] },
    ]).outcomes;
    assert.ok(outcome && "failure" in outcome);
    assert.equal(outcome.failure, "not written");
    assert.match(outcome.message, /NOT NULL constraint failed: workspaces.name/);
  });
});

function kindOf(outcome: Outcome): string {
  return "value" in outcome ? "done" : outcome.failure;
}
