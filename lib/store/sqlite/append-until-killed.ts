import { writeSync } from "node:fs";
import { appendOf, newChannel } from "../suite/samples.js";
import { openSqliteStore } from "./sqlite-store.js";

/** Channels that are appended to at once. */
const channels = 20;

const store = await openSqliteStore({ folder: process.argv[2]! });

/** Appends three rows at a time and says `channel last-seq` when they are acknowledged; never ends. */
async function appendForever(): Promise<void> {
  const channel = newChannel();
  for (let seq = 1; ; seq += 3) {
    await store.append("one", appendOf(channel, seq, seq + 2));
    writeSync(1, `${channel} ${seq + 2}\n`);
  }
}

await Promise.all(Array.from({ length: channels }, appendForever));
