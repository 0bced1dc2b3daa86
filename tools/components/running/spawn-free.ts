import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { Launch } from "../servers/launch.js";

/** Becomes a program once the shell that it was begun by has gone: it is then nobody's child. */
const adopt = '( while kill -0 $$ 2>/dev/null; do sleep 0.01; done; exec "$@" 3>&- ) & echo $! >&3';

/**
 * Begins a process that stays when this one ends, in whatever way; resolves with its id.
 *
 * @param output descriptor of the file that gets what it says
 */
export async function spawnFree(launch: Launch, env: NodeJS.ProcessEnv, output: number): Promise<number> {
  const { command, args, endsWithParent = false } = launch;
  const common = { detached: true, env };
  if (!endsWithParent) {
    const child = spawn(command, args, { ...common, stdio: ["ignore", output, output] });
    await begun(child);
    child.unref();
    return child.pid!;
  }
  const shell = spawn("/bin/sh", ["-c", adopt, "sh", command, ...args], {
    ...common,
    stdio: ["ignore", output, output, "pipe"],
  });
  await begun(shell);
  return Number(await text(shell.stdio[3] as NodeJS.ReadableStream));
}

/** Rejects if there is no such program. */
async function begun(child: ChildProcess): Promise<void> {
  await once(child, "spawn");
}
