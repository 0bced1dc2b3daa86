import { dataFolderDefault } from "../../../lib/local/data-files.js";
import type { CliConfig } from "../config.js";
import { LoginFile } from "../login/login-file.js";
import { type FoundServer, findServer } from "./find-server.js";

/** Says where the server is; asked again before each try, as one on this machine may have moved. */
export type FindServer = () => Promise<FoundServer>;

/**
 * The server that is meant: that of a data folder if one is named, else that of a login if there is one, else
 * that of the usual data folder.
 *
 * @param folder as a flag names it
 * @throws ConfabError when the login is not readable
 */
export async function chooseServer(config: CliConfig, folder: string | undefined): Promise<FindServer> {
  const named = folder || config.data;
  const login = named ? undefined : await new LoginFile(config.folder).read();
  if (login) return async () => ({ ...login, token: config.token ?? login.token });
  return () => findServer(named || dataFolderDefault, config.token);
}
