import { closeSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import Database from "libsql";
import { migrate } from "./migrate.js";
import { migrations } from "./migrations.js";

/** How long a write waits for another program (a backup, a shell) that has the database, in milliseconds. */
const busyWaitMsMax = 5000;
/** Pages in the write-ahead log that set off a checkpoint: 16 MiB. */
const checkpointPages = 4096;
/** Memory for pages of the database, in KiB. */
const pageCacheKib = 65_536;

/** An open database and the lock that keeps other servers off its folder. */
export interface OpenDatabase {
  readonly database: Database.Database;
  /** Checkpoints, closes and unlocks; safe to call twice. */
  close(): void;
}

/**
 * Opens the folder's database, made if there is none, and brings it to the newest schema. Only the folder's
 * owner can read what is made here.
 * @throws if another server uses the folder, or its database is of a newer version.
 */
export function openDatabase(folder: string): OpenDatabase {
  makeFolder(resolve(folder));
  const lock = lockFolder(folder);
  let database: Database.Database | undefined;
  try {
    database = openFile(join(folder, "confab.db"));
    const mode = database.prepare("PRAGMA journal_mode = WAL").pluck().all([])[0];
    if (mode !== "wal") throw new Error(`its write-ahead log cannot be had, only the mode ${mode}`);
    for (const setting of [
      "synchronous = FULL",
      "fullfsync = ON",
      "checkpoint_fullfsync = ON",
      `busy_timeout = ${busyWaitMsMax}`,
      `wal_autocheckpoint = ${checkpointPages}`,
      `cache_size = -${pageCacheKib}`,
    ]) {
      database.pragma(setting);
    }
    migrate(database, migrations);
  } catch (error) {
    database?.close();
    unlock(lock);
    throw new Error(`cannot open the database in ${folder}: ${messageOf(error)}`, { cause: error });
  }
  return { database, close: closer(database, lock) };
}

function closer(database: Database.Database, lock: Database.Database): () => void {
  let closed = false;
  return () => {
    if (closed) return;
    closed = true;
    try {
      database.pragma("wal_checkpoint(TRUNCATE)");
    } finally {
      database.close();
      unlock(lock);
    }
  };
}

/** The lock is a transaction that never ends: the system drops it with the process, however that dies. */
function lockFolder(folder: string): Database.Database {
  const lock = openFile(join(folder, "lock.db"));
  try {
    lock.pragma("journal_mode = MEMORY");
    lock.exec("BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock.close();
    const reason = isBusy(error) ? "another server uses it" : messageOf(error);
    throw new Error(`cannot lock the folder ${folder}: ${reason}`, { cause: error });
  }
}

function unlock(lock: Database.Database): void {
  lock.exec("ROLLBACK");
  lock.close();
}

/**
 * Makes the file unless it is there; SQLite gives its other files the mode of this one. A file that is there
 * is not opened here, because closing any handle of it would drop all locks that this process holds on it.
 */
function openFile(path: string): Database.Database {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return new Database(path);
}

/** Makes the folder and its missing parents, and makes sure that their names survive a loss of power. */
function makeFolder(folder: string): void {
  const first = mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (first === undefined || process.platform === "win32") return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) {
    const parent = openSync(dirname(made), "r");
    fsyncSync(parent);
    closeSync(parent);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code === "SQLITE_BUSY";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
