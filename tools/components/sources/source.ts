import type { Build } from "../lock.js";

/** What a source works with. */
export interface Fetching {
  readonly build: Build;
  /** An empty folder that is removed afterwards. */
  readonly scratch: string;
  /** The empty folder to fill. */
  readonly folder: string;
  say(line: string): void;
}

/** Gets a component's files from its registry, checks them against the lock file and puts them in place. */
export type Fill = (fetching: Fetching) => Promise<void>;
