import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { buildOf, type ComponentName, platform } from "./lock.js";

/** The command that gets a component. */
export function howToGet(name: ComponentName): string {
  return `npm run components -- get ${name}`;
}

/** Where components are kept: outside of the checkout, for all checkouts. */
function componentsFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "confab");
}

/**
 * The folder of a component for this machine. It is there only when it is complete: it is filled beside and
 * renamed. @throws Error where the component has no package for this platform
 */
export function componentFolder(name: ComponentName): string {
  const build = buildOf(name);
  if (!build) throw new Error(`there is no ${name} for ${platform} in tools/components/lock.json`);
  return join(componentsFolder(), name, `${build.version}-${platform}`);
}

/** The folder of a component, if it has been got. */
export function findComponent(name: ComponentName): string | undefined {
  if (!buildOf(name)) return undefined;
  const folder = componentFolder(name);
  return existsSync(folder) ? folder : undefined;
}
