import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { tailOf } from "../components/running/start-process.js";
import { storeVariables } from "./environment.js";
import type { MeshFolder } from "./mesh-folder.js";
import { type Settings, withoutVariables } from "./settings.js";

/** Makes the tables and, unless they are there, the first workspace and the user of the token. */
export async function migrate(
  settings: Settings,
  folder: MeshFolder,
  token: string,
  signal: AbortSignal,
): Promise<void> {
  const log = folder.log("migrate");
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, "w");
  const program = fileURLToPath(new URL("../../services/migrate/main.js", import.meta.url));
  const own = { ...storeVariables(settings), CONFAB_REPLICATION: "1", CONFAB_FIRST_TOKEN: token };
  const child = spawn(process.execPath, [program], {
    env: { ...withoutVariables(process.env), ...own },
    stdio: ["ignore", output, output],
    signal,
  });
  closeSync(output);
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`the tables could not be made\n${tailOf(log)}`);
}
