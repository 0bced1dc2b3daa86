import { dataFolderDefault } from "../../lib/local/data-files.js";

/**
 * The data folder of the server to talk to: as the flag says, else the variable CONFAB_DATA, else the
 * default.
 */
export function dataFolder(flag: string | undefined): string {
  return flag || process.env.CONFAB_DATA || dataFolderDefault;
}
