import { z } from "zod";
import { clientFrameBytesMax, socketFrameBytesMax } from "../../lib/limits/limits.js";
import { type BadInput, type BadInputStage, loneSurrogate, nowhere, unknownToken } from "./bad-input.js";

const json = "confab.v1.json";
const errorSchema = z.object({ error: z.object({ problem: z.object({ code: z.string() }) }) });

type Offer = (stage: BadInputStage, ticket: string) => string[];

/** A socket that must not open. */
const badOffer = (what: string, error: string, offer: Offer, origin?: string): BadInput => ({
  what: `${what}, of a socket`,
  error,
  send: async (stage) => {
    const { url, ticket } = await stage.mesh.ticket(stage.mesh.ada.token);
    return stage.mesh.dial(url, offer(stage, ticket), origin).refusal();
  },
});

type Frame = string | Uint8Array | ((stage: BadInputStage) => string);

/** A frame whose answer must be an error, sent by Ada unless it is by Bob. */
const badFrame = (what: string, error: string, frame: Frame, byBob = false): BadInput => ({
  what: `${what}, over a socket`,
  error,
  send: async (stage) => {
    const { ada, bob } = stage.mesh;
    const socket = await stage.mesh.socket(byBob ? bob.token : ada.token);
    const closed = socket.closed();
    socket.send(typeof frame === "function" ? frame(stage) : frame);
    const { code } = errorSchema.parse(JSON.parse(await socket.next())).error.problem;
    if (code !== "frame_too_large") socket.end();
    return `${code}, closed ${(await closed).code}`.replace(", closed 1006", "");
  },
});

const subscribe = (channelId: string, more = "") =>
  `{"requestId":1,"subscribe":{"channels":[{"channelId":"${channelId}"${more}}]}}`;
const typing = (channelId: string) => `{"typing":{"channelId":"${channelId}"}}`;
const post = (channelId: string, text: string, more = "") =>
  `{"post":{"channelId":"${channelId}","message":{"text":"${text}"${more}}}}`;
const nasty = '{"toString":1,"valueOf":1}';

/** What a gateway must refuse; a socket that is not opened gets an HTTP status beside the name. */
export const badInputSocket: readonly BadInput[] = [
  badOffer("no subprotocol", "400 unknown_subprotocol", () => []),
  badOffer("an unknown subprotocol", "400 unknown_subprotocol", (_stage, ticket) => [
    "confab.v9.json",
    `confab.ticket.${ticket}`,
  ]),
  badOffer("no ticket", "401 invalid_ticket", () => [json]),
  badOffer("a token instead of a ticket", "401 invalid_ticket", ({ mesh }) => [
    json,
    `confab.ticket.${mesh.ada.token}`,
  ]),
  badOffer("an unknown token instead of a ticket", "401 invalid_ticket", () => [
    json,
    `confab.ticket.${unknownToken}`,
  ]),
  badOffer("a ticket that was changed", "401 invalid_ticket", (_stage, ticket) => [
    json,
    `confab.ticket.${changed(ticket)}`,
  ]),
  badOffer(
    "a page from elsewhere",
    "400 invalid_argument",
    (_stage, ticket) => [json, `confab.ticket.${ticket}`],
    "https://evil.example.com",
  ),

  badFrame("nothing", "invalid_json", ""),
  badFrame("malformed JSON", "invalid_json", '{"ping":'),
  badFrame("a NUL in JSON", "invalid_json", '{"ping":{}}\0'),
  badFrame("another kind of frame", "invalid_frame", '{"pong":{}}'),
  badFrame("two requests in one", "invalid_frame", '{"ping":{},"unsubscribe":{"channelIds":[]}}'),
  badFrame("a binary frame", "invalid_frame", Buffer.from('{"ping":{}}')),
  badFrame("an object for an id", "invalid_frame", `{"typing":{"channelId":${nasty}}}`),
  badFrame("a negative position", "invalid_frame", ({ channelId }) =>
    subscribe(channelId, ',"position":{"seq":-1,"id":0}'),
  ),
  badFrame("a frame over the limit", "frame_too_large, closed 4500", "x".repeat(clientFrameBytesMax + 1)),

  badFrame("an unknown channel", "channel_not_found", subscribe(nowhere)),
  badFrame("a channel of others", "not_in_channel", ({ channelId }) => subscribe(channelId), true),
  badFrame("a position in the future", "invalid_position", ({ channelId }) =>
    subscribe(channelId, ',"position":{"seq":1000,"id":1000}'),
  ),
  badFrame("a name for an id", "invalid_id", subscribe("general")),
  badFrame("a lone surrogate for an id", "invalid_id", subscribe(loneSurrogate)),
  badFrame("a NUL in an id", "invalid_id", subscribe("C00000000000\\u0000")),
  badFrame("typing in a channel that is not followed", "not_in_channel", ({ channelId }) =>
    typing(channelId),
  ),
  badFrame("typing with a lone surrogate", "not_in_channel", typing(loneSurrogate)),

  badFrame("a post without a channel", "missing_argument", '{"post":{"message":{"text":"x"}}}'),
  badFrame("a post to an unknown channel", "channel_not_found", post(nowhere, "text")),
  badFrame("a post to a channel of others", "not_in_channel", ({ channelId }) => post(channelId, "x"), true),
  badFrame("a post without a text", "no_text", ({ channelId }) => post(channelId, "")),
  badFrame("a post over the limit", "msg_too_long", ({ channelId }) => post(channelId, "x".repeat(40_001))),
  badFrame("a post with a NUL", "invalid_text", ({ channelId }) => post(channelId, "a\\u0000b")),
  badFrame("a post with a lone surrogate", "invalid_text", ({ channelId }) => post(channelId, loneSurrogate)),
  badFrame("a post with objects for texts", "invalid_frame", `{"post":{"channelId":${nasty}}}`),
  badFrame("a client_msg_id for another text", "client_msg_id_reused", ({ channelId }) =>
    post(channelId, "another text", ',"clientMsgId":"used"'),
  ),
  badFrame(
    "a reaction to nothing",
    "missing_argument",
    ({ channelId }) => `{"react":{"channelId":"${channelId}","emoji":"eyes"}}`,
  ),
  badFrame(
    "a reaction to no message",
    "message_not_found",
    ({ channelId }) => `{"react":{"channelId":"${channelId}","messageId":1,"emoji":"eyes"}}`,
  ),
  badFrame(
    "a mark in the future",
    "invalid_position",
    ({ channelId }) => `{"mark":{"channelId":"${channelId}","seq":1000}}`,
  ),
  badFrame(
    "all channels, and one by name",
    "invalid_id",
    '{"subscribe":{"all":true,"channels":[{"channelId":"general"}]}}',
  ),
  {
    what: "a frame far over the limit, over a socket",
    error: "closed",
    send: async (stage) => {
      const socket = await stage.mesh.socket(stage.mesh.ada.token);
      const closed = socket.closed();
      socket.send("x".repeat(socketFrameBytesMax + 1));
      return (await closed).code < 4000 ? "closed" : "closed by a code of the protocol";
    },
  },
];

/** A ticket with another first letter of its signature. */
function changed(ticket: string): string {
  const [header, claims, signature = ""] = ticket.split(".");
  return [header, claims, (signature.startsWith("A") ? "B" : "A") + signature.slice(1)].join(".");
}
