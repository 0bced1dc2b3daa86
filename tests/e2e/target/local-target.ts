import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { dataFiles } from "../../../lib/local/data-files.js";
import { openDatabase } from "../../../lib/store/sqlite/open-database.js";
import { openSqliteStore } from "../../../lib/store/sqlite/sqlite-store.js";
import type { Store } from "../../../lib/store/store.js";
import { LocalServer, type Ready } from "../../../tools/checks/local-server.js";
import { contentOf, type Rows, type SignUp, type Target, tablesOfOwners } from "./target.js";

const rowsSchema = z.array(z.record(z.string(), z.unknown()));

/** All services in one process, on a folder of its own. */
export class LocalTarget implements Target {
  #folder = "";
  #process: LocalServer | undefined;
  #ready: Ready | undefined;

  get server(): Ready {
    if (!this.#ready) throw new Error("the server was not started");
    return this.#ready;
  }

  async start(signUp: SignUp): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), "confab-e2e-"));
    const token = await this.#useStore(signUp);
    await writeFile(dataFiles(this.#folder).token, `${token}\n`, { mode: 0o600 });
    this.#process = new LocalServer(this.#folder);
    await this.#begin();
  }

  withStore<Result>(use: (store: Store) => Promise<Result>): Promise<Result> {
    return this.#whileStopped(() => this.#useStore(use));
  }

  rows(): Promise<Rows> {
    return this.#whileStopped(async () => {
      const { database, close } = openDatabase(this.#folder);
      try {
        const named = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck();
        const tables = z.array(z.string()).parse(named.all([]));
        const all = (table: string) => rowsSchema.parse(database.prepare(`SELECT * FROM "${table}"`).all([]));
        const kept = tables.filter((table) => !tablesOfOwners.has(table));
        return Object.fromEntries(kept.map((table) => [table, [...new Set(all(table).map(contentOf))]]));
      } finally {
        close();
      }
    });
  }

  async killAndRestart(): Promise<void> {
    await this.#process?.kill();
    await this.#begin();
  }

  async close(): Promise<void> {
    await this.#process?.close();
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true });
  }

  /** No server may have SQLite open meanwhile. */
  async #whileStopped<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#process?.close();
    const result = await work();
    await this.#begin();
    return result;
  }

  async #useStore<Result>(use: (store: Store) => Promise<Result>): Promise<Result> {
    const store = await openSqliteStore({ folder: this.#folder });
    return use(store).finally(() => store.close());
  }

  async #begin(): Promise<void> {
    this.#ready = await this.#process!.start();
  }
}
