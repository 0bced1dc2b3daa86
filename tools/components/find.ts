import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import lock from "./lock.json" with { type: "json" };

/** A server or tool that Confab works with and that comes from a package registry. */
export type ComponentName = keyof typeof lock;

/** The command that gets a component. */
export function howToGet(name: ComponentName): string {
  return `npm run components -- get ${name}`;
}

/**
 * The folder of a component for this machine, outside of the checkout and for all checkouts. It is there
 * only when it is complete: it is filled beside and renamed.
 */
export function componentFolder(name: ComponentName): string {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return join(cache, "confab", name, `${lock[name].version}-${process.platform}-${process.arch}`);
}

/** The folder of a component, if it has been got. */
export function findComponent(name: ComponentName): string | undefined {
  const folder = componentFolder(name);
  return existsSync(folder) ? folder : undefined;
}
