import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";

/** Where the write-ahead log's index counts transactions (SQLite's `WalIndexHdr.iChange`), in bytes. */
const counterAt = 8;
const counterBytes = 4;

/** Transactions that a store's database has seen, each with one fsync, modulo 2^32; read from outside. */
export function walTransactions(folder: string): number {
  const file = openSync(join(folder, "confab.db-shm"), "r");
  try {
    const counter = Buffer.alloc(counterBytes);
    readSync(file, counter, 0, counterBytes, counterAt);
    return counter.readUInt32LE();
  } finally {
    closeSync(file);
  }
}
