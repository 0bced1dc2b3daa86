import { dataFolderDefault } from "../../lib/local/data-files.js";

/**
 * The data folder of the server to talk to: as the flag says, else the variable CONFAB_DATA, else the
 * default.
 */
export function dataFolder(flag: string | undefined): string {
  return flag || process.env.CONFAB_DATA || dataFolderDefault;
}

/** The token to act with instead of the data folder's: the variable CONFAB_TOKEN, if it is set. */
export function tokenOverride(): string | undefined {
  return process.env.CONFAB_TOKEN?.trim() || undefined;
}
