import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "libsql";
import { migrate, schemaVersion } from "./migrate.js";
import { migrations } from "./migrations.js";
import { openSqliteStore } from "./sqlite-store.js";
import { temporaryFolder } from "./temporary-folder.js";

const tryToOpen = fileURLToPath(new URL("./try-to-open.js", import.meta.url));

describe("opening the store in SQLite", () => {
  const temporary = temporaryFolder();
  const folderOf = (name: string) => join(temporary.path, name);

  it("refuses a folder that a server uses, in this process and in another", async () => {
    const folder = folderOf("used");
    const store = await openSqliteStore({ folder });
    const elsewhere = () => execFileSync(process.execPath, [tryToOpen, folder], { encoding: "utf8" }).trim();
    const message = `cannot lock the folder ${folder}: another server uses it`;
    assert.equal(elsewhere(), message);
    await assert.rejects(openSqliteStore({ folder }), { message });
    assert.equal(elsewhere(), message);
    await store.close();
    assert.equal(elsewhere(), "opened");
  });

  it("refuses a database of a newer version and leaves it as it is", async () => {
    const folder = folderOf("newer");
    await (await openSqliteStore({ folder })).close();
    const database = new Database(join(folder, "confab.db"));
    database.exec("PRAGMA user_version = 999");
    await assert.rejects(
      openSqliteStore({ folder }),
      /is of version 999, newer than the \d+ that this program/,
    );
    assert.equal(schemaVersion(database), 999);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    database.close();
    await (await openSqliteStore({ folder })).close();
  });

  it("takes what was written before there were notices for told", () => {
    const database = new Database(":memory:");
    migrate(database, migrations.slice(0, 2));
    const values = ["C1", 1, 1, 1, 1, 1, 1, 0, 0, "", "", "", 0, 0, Buffer.from("e"), 1];
    database.prepare(`INSERT INTO log VALUES (${values.map(() => "?").join(", ")})`).run(values);
    migrate(database, migrations);
    const { told } = database.prepare("SELECT told FROM log").get([]) as { told: number };
    assert.equal(told, Number.MAX_SAFE_INTEGER);
    database.close();
  });

  it("says which folder cannot be opened", async () => {
    const folder = "/dev/null/confab";
    await assert.rejects(openSqliteStore({ folder }), /\/dev\/null/);
  });

  it("makes folder and files for their owner alone", async () => {
    const folder = folderOf("deep/er");
    const store = await openSqliteStore({ folder });
    const modeOf = (path: string) => statSync(path).mode & 0o777;
    assert.equal(modeOf(folder), 0o700);
    const files = readdirSync(folder);
    assert.deepEqual(files.sort(), ["confab.db", "confab.db-shm", "confab.db-wal", "lock.db"]);
    for (const file of files) assert.equal(modeOf(join(folder, file)), 0o600, file);
    await store.close();
    assert.deepEqual(readdirSync(folder).sort(), ["confab.db", "lock.db"]);
  });

  it("migrates step by step and stays at the last step that worked", () => {
    const database = new Database(":memory:");
    migrate(database, ["CREATE TABLE a (x)"]);
    assert.equal(schemaVersion(database), 1);
    const broken = [
      "not run again",
      "CREATE TABLE b (x)",
      "CREATE TABLE c (x); INSERT INTO nowhere VALUES (1)",
    ];
    assert.throws(() => migrate(database, broken), /nowhere/);
    assert.equal(schemaVersion(database), 2);
    const tables = database.prepare("SELECT name FROM sqlite_schema ORDER BY name").pluck().all();
    assert.deepEqual(tables, ["a", "b"]);
    database.close();
  });
}).timeout(30_000);
