import { openSqliteStore } from "./sqlite-store.js";

/** Says whether another process can open the folder: `opened`, or why not. */
try {
  const store = await openSqliteStore({ folder: process.argv[2]! });
  await store.close();
  console.log("opened");
} catch (error) {
  console.log(error instanceof Error ? error.message : error);
}
