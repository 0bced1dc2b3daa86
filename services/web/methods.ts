import type { Caller } from "../../lib/auth/caller.js";
import type { ConnectFlow } from "../../lib/connect/connect-flow.js";
import { ConfabError } from "../../lib/errors/errors.js";
import type { DirectoryStore } from "../../lib/store/directory-store.js";
import { type Arguments, textArgument } from "./arguments.js";

/** Fields of an answer, besides `ok`. */
export type Answer = Readonly<Record<string, unknown>>;

/** A method of the Web API: open to everybody, or for callers with a token. */
export type Method =
  | { readonly open: (args: Arguments) => Promise<Answer> }
  | { readonly forCaller: (caller: Caller, args: Arguments) => Promise<Answer> };

/** What the methods work with. */
export interface MethodParts {
  readonly directory: Pick<DirectoryStore, "findUser" | "findWorkspace">;
  readonly connectFlow: Pick<ConnectFlow, "connect">;
  /** Region whose gateways callers are sent to. */
  readonly region: string;
}

/** The methods by name, shaped as Slack's (https://docs.slack.dev/reference/methods). */
export function createMethods(parts: MethodParts): ReadonlyMap<string, Method> {
  return new Map<string, Method>([
    ["api.test", { open: testApi }],
    ["auth.test", { forCaller: (caller) => testAuth(parts, caller) }],
    ["rtm.connect", { forCaller: (caller) => connect(parts, caller) }],
  ]);
}

/** Gives the arguments back; `error` makes it fail with that name. */
async function testApi(args: Arguments): Promise<Answer> {
  const error = textArgument(args, "error");
  return error ? { ok: false, error, args } : { args };
}

async function testAuth({ directory }: MethodParts, { userId, workspaceId }: Caller): Promise<Answer> {
  const [user, workspace] = await Promise.all([
    directory.findUser(userId),
    directory.findWorkspace(workspaceId),
  ]);
  if (!user || !workspace) throw new ConfabError("user_not_found");
  const answer = { team: workspace.name, user: user.name, team_id: workspace.id, user_id: user.id };
  return user.bot ? { ...answer, bot_id: user.id } : answer;
}

async function connect({ connectFlow, region }: MethodParts, caller: Caller): Promise<Answer> {
  const { url, ticket, ticketTtlMs } = await connectFlow.connect(caller, region);
  return {
    ...{ url, ticket, ticket_ttl_ms: ticketTtlMs },
    self: { id: caller.userId },
    team: { id: caller.workspaceId },
  };
}
