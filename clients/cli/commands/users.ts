import type { Command } from "commander";
import { User } from "../../../gen/json/confab/v1/types.js";
import { ConfabError } from "../../sdk/node.js";
import { screenText } from "../print/text.js";
import { listUsers } from "../server/users.js";
import { type CommonFlags, type Context, withServer } from "./context.js";

interface Flags extends CommonFlags {
  readonly bot?: boolean;
}

/** `confab users`, `confab users create NAME` */
export function addUsers(program: Command, context: Context): void {
  const users = program
    .command("users")
    .description("List the people and bots of the workspace, or make one.")
    .action((_flags, command: Command) => printUsers(context, command.optsWithGlobals<CommonFlags>()));
  users
    .command("create")
    .description("Make a user and print a token for it, which cannot be shown again.")
    .argument("<name>", "a to z, 0 to 9, dot, underscore, hyphen")
    .option("--bot", "it is a program")
    .action((name: string, _flags, command: Command) =>
      createUser(context, name, command.optsWithGlobals<Flags>()),
    );
}

function printUsers(context: Context, flags: CommonFlags): Promise<void> {
  const { terminal } = context;
  return withServer(context, flags, async (client) => {
    for await (const user of listUsers(client)) {
      if (terminal.stop.aborted) return;
      await terminal.print(flags.json ? JSON.stringify(User.toJSON(user)) : textOf(user));
    }
  });
}

function createUser(context: Context, name: string, flags: Flags): Promise<void> {
  const { terminal } = context;
  return withServer(context, flags, async (client) => {
    const { user } = await client.directory.createUser({ name, bot: flags.bot === true });
    if (!user) throw new ConfabError("internal", "", "the server gave no user");
    const wish = { userId: user.id };
    const { token } = await client.repeat((options) => client.directory.createToken(wish, options));
    if (flags.json) return terminal.print(JSON.stringify({ ...Object(User.toJSON(user)), token }));
    terminal.say(`made ${user.name} (${user.id}); its token is shown this once`);
    await terminal.print(token);
  });
}

function textOf({ id, name, displayName, bot, deactivated }: User): string {
  return [name, id, bot ? "(bot)" : "", deactivated ? "(deactivated)" : "", screenText(displayName)]
    .filter((part) => part !== "")
    .join("  ");
}
