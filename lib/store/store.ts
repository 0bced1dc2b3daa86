import type { DirectoryStore } from "./directory-store.js";
import type { LogStore } from "./log-store.js";

/** All that Confab keeps. */
export interface Store extends LogStore, DirectoryStore {
  /** Waits for what is under way, then lets go of files and threads; safe to call twice. */
  close(): Promise<void>;
}
