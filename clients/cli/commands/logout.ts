import type { Command } from "commander";
import { LoginFile } from "../login/login-file.js";
import type { CommonFlags, Context } from "./context.js";

/** `confab logout` */
export function addLogout(program: Command, { config, terminal }: Context): void {
  program
    .command("logout")
    .description("Forget the server and the token of the login.")
    .action(async (_flags, command: Command) => {
      const removed = await new LoginFile(config.folder).remove();
      if (command.optsWithGlobals<CommonFlags>().json) return terminal.print(JSON.stringify({ removed }));
      terminal.say(removed ? "logged out" : "there was no login");
    });
}
