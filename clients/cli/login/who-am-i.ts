import { User, Workspace } from "../../../gen/json/confab/v1/types.js";
import { type Client, ConfabError } from "../../sdk/node.js";
import type { CommonFlags, Context, Session, Work } from "../commands/context.js";
import { screenText } from "../print/text.js";

/** Whom a token names. @throws ConfabError by which the server refuses it, or that it is not Confab's */
export async function whoAmI(
  { directory }: Client,
  { server: { url } }: Session,
): Promise<{ user: User; workspace: Workspace | undefined }> {
  try {
    const { user, workspace } = await directory.whoAmI({}, { once: true });
    if (user) return { user, workspace };
  } catch (error) {
    // What else answers there may answer anything.
    if (error instanceof ConfabError && error.code !== "unknown_method") throw error;
  }
  throw new ConfabError("unavailable", "", `${url} does not answer as a Confab server`);
}

/** Prints who one is, and where. */
export function printWho({ terminal }: Context, flags: CommonFlags): Work {
  return async (client, session) => {
    const { user, workspace } = await whoAmI(client, session);
    const { url } = session.server;
    if (flags.json) {
      const place = {
        url,
        user: User.toJSON(user),
        ...(workspace && { workspace: Workspace.toJSON(workspace) }),
      };
      return terminal.print(JSON.stringify(place));
    }
    const where = workspace ? ` in ${screenText(workspace.name)}` : "";
    await terminal.print(`${screenText(user.name)} (${user.id})${where} at ${url}`);
  };
}
