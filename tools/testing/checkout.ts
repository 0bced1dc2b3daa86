import { spawnSync } from "node:child_process";
import { realpathSync } from "node:fs";

/** What git says of the checkout in the working directory; undefined if that is not a checkout's top. */
export function checkoutState(): string | undefined {
  const top = git("rev-parse", "--show-toplevel")?.trim();
  return top && realpathSync(top) === realpathSync(".") ? git("status", "--porcelain") : undefined;
}

function git(...args: string[]): string | undefined {
  const done = spawnSync("git", args, { encoding: "utf8" });
  return done.status === 0 ? done.stdout : undefined;
}

/** Lines that are in only one of two states. */
export function changes(before: string, after: string): string[] {
  const [old, now] = [new Set(before.split("\n")), new Set(after.split("\n"))];
  return [...now].filter((line) => !old.has(line)).concat([...old].filter((line) => !now.has(line)));
}
