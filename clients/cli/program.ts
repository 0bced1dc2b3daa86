import { Command } from "commander";
import { addAdmin } from "./commands/admin/admin.js";
import { addChannels } from "./commands/channels.js";
import type { Context } from "./commands/context.js";
import { addCreate } from "./commands/create.js";
import { addDelete } from "./commands/delete.js";
import { addEdit } from "./commands/edit.js";
import { addHistory } from "./commands/history.js";
import { addInvite } from "./commands/invite.js";
import { addJoin } from "./commands/join.js";
import { addLeave } from "./commands/leave.js";
import { addLogin } from "./commands/login.js";
import { addLogout } from "./commands/logout.js";
import { addMembers } from "./commands/members.js";
import { addPost } from "./commands/post.js";
import { addReact } from "./commands/react.js";
import { addRemove } from "./commands/remove.js";
import { addTail } from "./commands/tail.js";
import { addThread } from "./commands/thread.js";
import { addUsers } from "./commands/users.js";
import { addWhoami } from "./commands/whoami.js";

const commands = [
  addChannels,
  addPost,
  addTail,
  addHistory,
  addThread,
  addReact,
  addEdit,
  addDelete,
  addCreate,
  addJoin,
  addLeave,
  addMembers,
  addInvite,
  addRemove,
  addUsers,
  addLogin,
  addLogout,
  addWhoami,
  addAdmin,
];

/** The tool with all its commands. Wrong usage is told and thrown as `CommanderError`. */
export function createProgram(context: Context): Command {
  const program = new Command("confab")
    .description("Talks to a Confab server: one on this machine, or the one that `confab login` names.")
    .option(
      "--data <folder>",
      "the server's data folder (default: CONFAB_DATA, else the login, else ~/.confab)",
    )
    .option("--json", "print one JSON object a line")
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError("(add --help for what is possible)")
    .exitOverride();
  for (const add of commands) add(program, context);
  return program;
}
