import type { Command } from "commander";
import { printWho } from "../login/who-am-i.js";
import { type CommonFlags, type Context, withServer } from "./context.js";

/** `confab whoami` */
export function addWhoami(program: Command, context: Context): void {
  program
    .command("whoami")
    .description("Say who you are, and at which server.")
    .action((_flags, command: Command) => {
      const flags = command.optsWithGlobals<CommonFlags>();
      return withServer(context, flags, printWho(context, flags));
    });
}
