import type Database from "libsql";

/**
 * Brings the database to the newest version of its schema, each step in a transaction of its own. The version
 * is the database's `user_version`: how many migrations it has seen.
 * @throws if the database is of a newer version than these migrations make.
 */
export function migrate(database: Database.Database, migrations: readonly string[]): void {
  const version = schemaVersion(database);
  if (version > migrations.length) {
    throw new Error(
      `the database is of version ${version}, newer than the ${migrations.length} that this program knows: ` +
        "run the program that wrote it, or a newer one",
    );
  }
  for (let next = version; next < migrations.length; next++) {
    database.exec("BEGIN EXCLUSIVE");
    try {
      database.exec(`${migrations[next]}; PRAGMA user_version = ${next + 1}`);
      database.exec("COMMIT");
    } catch (error) {
      if (database.inTransaction) database.exec("ROLLBACK");
      throw error;
    }
  }
}

/** How many migrations the database has seen. */
export function schemaVersion(database: Database.Database): number {
  return Number(database.prepare("PRAGMA user_version").pluck().all([])[0]);
}
