import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { decodeJwt, generateKeyPair } from "jose";
import type { WebSocket } from "ws";
import { z } from "zod";
import type { Caller } from "../../../lib/auth/caller.js";
import { TicketIssuer } from "../../../lib/auth/ticket.js";
import { readSigningKey } from "../../../lib/auth/ticket-keys.js";
import { systemClock } from "../../../lib/clock/system-clock.js";
import { parseUserId, type WorkspaceId } from "../../../lib/ids/ids.js";
import { openSocket, request, type Server } from "../server.js";
import { type EdgeCase, untilRefused } from "./edge-cases.js";

const connectSchema = z.object({ ok: z.literal(true), url: z.string(), ticket: z.string() });
const errorSchema = z.object({ error: z.object({ problem: z.object({ code: z.string() }) }) });
/** Longer than a ticket holds, in ms. */
const pastMs = 3_600_000;

interface SocketCasesOptions {
  readonly server: Server;
  /** File with the key that the mesh signs tickets with. */
  readonly ticketKey: string;
  /** A public and a private channel, of the workspace of the server's token. */
  readonly channels: { readonly public: string; readonly private: string };
  /** Token of somebody of another workspace. */
  readonly foreignToken: string;
  /** So many sockets one user may open at one gateway. */
  readonly burst: number;
}

/** What is wrong with tickets and with what is asked over sockets. */
export async function socketCases(options: SocketCasesOptions): Promise<EdgeCase[]> {
  const { server, ticketKey, channels, foreignToken, burst } = options;
  const own = await ticketOf(server, server.token);
  const foreign = await ticketOf(server, foreignToken);
  const past = { ...systemClock, now: () => systemClock.now() - pastMs };
  const caller = callerOf(own.ticket);
  const expired = await new TicketIssuer(await readSigningKey(ticketKey), past, () => "1").issue(caller);
  const { privateKey } = await generateKeyPair("EdDSA");
  const forged = await new TicketIssuer(privateKey, systemClock, () => "1").issue(caller);
  const opening = (ticket: string) => () => tryToOpen(server, own.url, ticket);
  const asking = (frame: object) => () => ask(server, foreign, { requestId: 1, ...frame });
  const subscribe = (channelId: string) => asking({ subscribe: { channels: [{ channelId }] } });
  const post = (channelId: string) => asking({ post: { channelId, message: { text: "x" } } });
  return [
    { name: "an expired ticket", run: opening(expired.ticket) },
    { name: "a ticket of another mesh's key", run: opening(forged.ticket) },
    { name: "another workspace's public channel, followed", run: subscribe(channels.public) },
    { name: "another workspace's private channel, followed", run: subscribe(channels.private) },
    { name: "another workspace's public channel, posted to", run: post(channels.public) },
    { name: "too many sockets of one user", run: () => untilRefused(burst, opening(own.ticket)) },
  ];
}

async function ticketOf(server: Server, token: string): Promise<{ url: string; ticket: string }> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await request(server, "/api/rtm.connect", { method: "POST", headers });
  return connectSchema.parse(await answer.json());
}

/** Whose a ticket is. */
function callerOf(ticket: string): Caller {
  const { sub, workspace, token } = decodeJwt(ticket);
  const userId = parseUserId(String(sub));
  if (!userId) throw new Error("a ticket without a user");
  return { userId, workspaceId: String(workspace) as WorkspaceId, tokenId: String(token) };
}

function dial(server: Server, url: string, ticket: string): WebSocket {
  const socket = openSocket(server, url, ["confab.v1.json", `confab.ticket.${ticket}`]);
  return socket.on("error", () => {});
}

/** Status and error of the answer that a socket got; undefined if it was opened. */
async function tryToOpen(server: Server, url: string, ticket: string): Promise<string | undefined> {
  const socket = dial(server, url, ticket);
  const refused = once(socket, "unexpected-response").then(async ([, answer]: IncomingMessage[]) => {
    const { error } = JSON.parse(await text(answer!)) as { error?: string };
    return `${answer!.statusCode} ${error}`;
  });
  const opened = once(socket, "message").then(() => undefined);
  return Promise.race([refused, opened]).finally(() => socket.terminate());
}

/** The error by which a frame is answered; undefined if it is granted. */
async function ask(
  server: Server,
  { url, ticket }: { url: string; ticket: string },
  frame: object,
): Promise<string | undefined> {
  const socket = dial(server, url, ticket);
  try {
    await once(socket, "message");
    socket.send(JSON.stringify(frame));
    const [answer] = await once(socket, "message");
    return errorSchema.safeParse(JSON.parse(String(answer))).data?.error.problem.code;
  } finally {
    socket.terminate();
  }
}
