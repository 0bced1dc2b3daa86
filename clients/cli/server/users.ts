import { parseUserId } from "../../../lib/ids/ids.js";
import { pageEventsMax } from "../../../lib/limits/limits.js";
import { type Client, ConfabError, type User } from "../../sdk/node.js";

/** All users of the workspace, in the order of their ids. */
export async function* listUsers({ directory }: Client): AsyncGenerator<User> {
  let pageToken = "";
  do {
    const page = await directory.listUsers({ pageToken, limit: pageEventsMax });
    yield* page.users;
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
}

/**
 * The ids of the users that a person means: names, with or without `@`, or ids.
 *
 * @throws ConfabError `user_not_found` for a name that nobody has
 */
export async function findUserIds(client: Client, texts: readonly string[]): Promise<string[]> {
  const names = texts.map((text) => (parseUserId(text) ? text : text.replace(/^@/, "")));
  const open = new Set(names.filter((name) => !parseUserId(name)));
  const ids = new Map<string, string>();
  if (open.size > 0) {
    for await (const { id, name } of listUsers(client)) {
      if (open.delete(name)) ids.set(name, id);
      if (open.size === 0) break;
    }
  }
  const [unknown] = open;
  if (unknown !== undefined) {
    throw new ConfabError("user_not_found", "", `nobody here is called ${JSON.stringify(unknown)}`);
  }
  return names.map((name) => ids.get(name) ?? name);
}
