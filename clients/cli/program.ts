import { Command } from "commander";
import { addChannels } from "./commands/channels.js";
import type { Context } from "./commands/context.js";
import { addHistory } from "./commands/history.js";
import { addPost } from "./commands/post.js";
import { addTail } from "./commands/tail.js";

const commands = [addChannels, addPost, addTail, addHistory];

/** The tool with all its commands. Wrong usage is told and thrown as `CommanderError`. */
export function createProgram(context: Context): Command {
  const program = new Command("confab")
    .description("Talks to a Confab server that runs on this machine.")
    .option("--data <folder>", "the server's data folder (default: CONFAB_DATA, else ~/.confab)")
    .option("--json", "print one JSON object a line")
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError("(add --help for what is possible)")
    .exitOverride();
  for (const add of commands) add(program, context);
  return program;
}
