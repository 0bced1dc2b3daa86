import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { withLock } from "./with-lock.js";

/** Folders to work in: both empty, and gone afterwards but for what `folder` became. */
export interface Workplace {
  readonly scratch: string;
  /** Becomes the target once the work is done. */
  readonly folder: string;
}

/**
 * Has a folder filled by one process at a time, unless it is there; it appears whole, by a renaming, or not
 * at all. Resolves with whether it was there.
 *
 * @param waiting called once if another process is at it
 */
export async function install(
  target: string,
  waiting: (pid: number) => void,
  work: (workplace: Workplace) => Promise<void>,
): Promise<boolean> {
  if (existsSync(target)) return true;
  return withLock(`${target}.lock`, waiting, async () => {
    if (existsSync(target)) return true;
    const begun = `.getting-${basename(target)}-`;
    for (const left of readdirSync(dirname(target)).filter((name) => name.startsWith(begun))) {
      rmSync(join(dirname(target), left), { recursive: true, force: true });
    }
    const beside = mkdtempSync(join(dirname(target), begun));
    try {
      const workplace = { scratch: join(beside, "scratch"), folder: join(beside, "folder") };
      for (const one of Object.values(workplace)) mkdirSync(one);
      await work(workplace);
      renameSync(workplace.folder, target);
    } finally {
      rmSync(beside, { recursive: true, force: true });
    }
    return false;
  });
}
