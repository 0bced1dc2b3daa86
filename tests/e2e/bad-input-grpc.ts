import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { Metadata } from "@grpc/grpc-js";
import type { NewMessage } from "../../gen/confab/v1/messaging.js";
import { ConversationType } from "../../gen/confab/v1/types.js";
import { ConfabError } from "../../lib/errors/errors.js";
import { fromGrpcError } from "../../lib/errors/grpc-error.js";
import { openGrpc } from "../../tools/checks/server.js";
import { type BadInput, type BadInputStage, nowhere, unknownToken } from "./bad-input.js";

type Call = (stage: BadInputStage) => Promise<unknown>;

const publicType = ConversationType.CONVERSATION_TYPE_PUBLIC;

const bad = (what: string, error: string, call: Call): BadInput => ({
  what: `${what}, over gRPC`,
  error,
  send: (stage) =>
    call(stage).then(
      () => "none",
      (failure) => {
        if (failure instanceof ConfabError) return failure.code;
        throw failure;
      },
    ),
});

const message = (text: string, values: Partial<NewMessage> = {}): NewMessage => ({
  ...{ text, clientMsgId: "", parentId: 0, broadcast: false },
  ...values,
});

const badPost = (what: string, error: string, text: string, values: Partial<NewMessage> = {}) =>
  bad(what, error, ({ ada, channelId }) =>
    ada.messaging.postMessage({ channelId, message: message(text, values), firstAttempt: false }),
  );

const badChannel = (what: string, error: string, id: (stage: BadInputStage) => string) => [
  bad(`a post to ${what}`, error, (stage) =>
    stage.ada.messaging.postMessage({ channelId: id(stage), message: message("x"), firstAttempt: false }),
  ),
  bad(`reading ${what}`, error, (stage) =>
    stage.ada.messaging.listEvents({ channelId: id(stage), afterSeq: 0, limit: 0 }),
  ),
];

/** A call with bytes of one's own making. */
const raw = (what: string, error: string, path: string, request: (stage: BadInputStage) => Uint8Array) =>
  bad(what, error, (stage) => {
    const client = openGrpc(stage.mesh.server);
    const metadata = new Metadata();
    metadata.set("authorization", `Bearer ${stage.mesh.ada.token}`);
    const same = (bytes: Buffer) => bytes;
    return new Promise<void>((resolve, reject) => {
      const bytes = Buffer.from(request(stage));
      client.makeUnaryRequest(path, same, same, bytes, metadata, (failure) =>
        failure ? reject(fromGrpcError(failure)) : resolve(),
      );
    }).finally(() => client.close());
  });

const postPath = "/confab.v1.Messaging/PostMessage";
const tag = (field: number, wireType: 0 | 2) => (field << 3) | wireType;

/** A post whose text is these bytes. */
function postOf(channelId: string, text: Uint8Array): Uint8Array {
  const writer = new BinaryWriter().uint32(tag(1, 2)).string(channelId);
  return writer.uint32(tag(2, 2)).fork().uint32(tag(1, 2)).bytes(text).join().finish();
}

/** A request to list events after 2^53, which a number cannot hold. */
function listOf(channelId: string): Uint8Array {
  const writer = new BinaryWriter().uint32(tag(1, 2)).string(channelId);
  return writer
    .uint32(tag(2, 0))
    .uint64(2n ** 53n)
    .finish();
}

const whoAmI = (token: string) => (stage: BadInputStage) => stage.mesh.api(token).directory.whoAmI({});
const nothing = () => new Uint8Array();

/** What the gRPC services must refuse. */
export const badInputGrpc: readonly BadInput[] = [
  raw("an unknown method", "unknown_method", "/confab.v1.Messaging/NoSuch", nothing),
  raw("a method of an unknown service", "unknown_method", "/confab.v1.NoSuch/PostMessage", nothing),
  bad("a method that is not built yet", "not_implemented", ({ ada, channelId }) =>
    ada.directory.archiveConversation({ channelId }),
  ),
  bad("no token", "not_authed", whoAmI("")),
  bad("an unknown token", "invalid_auth", whoAmI(unknownToken)),
  bad("what is no token", "invalid_auth", whoAmI("xoxb-1")),

  ...badChannel("an unknown channel", "channel_not_found", () => nowhere),
  ...badChannel("a name instead of an id", "invalid_id", () => "general"),
  ...badChannel("a workspace", "invalid_id", () => "W000000000000"),
  ...badChannel("no channel", "missing_argument", () => ""),
  bad("a post to a user", "invalid_id", ({ ada, mesh }) =>
    ada.messaging.postMessage({ channelId: mesh.bob.id, message: message("x"), firstAttempt: false }),
  ),
  bad("reading another user", "channel_not_found", ({ ada, mesh }) =>
    ada.messaging.listEvents({ channelId: mesh.bob.id, afterSeq: 0, limit: 0 }),
  ),
  bad("a post of somebody who is not a member", "not_in_channel", ({ bob, channelId }) =>
    bob.messaging.postMessage({ channelId, message: message("x"), firstAttempt: true }),
  ),
  bad("reading a private channel of others", "not_in_channel", ({ bob, privateId }) =>
    bob.messaging.listEvents({ channelId: privateId, afterSeq: 0, limit: 0 }),
  ),

  bad("a post without a message", "missing_argument", ({ ada, channelId }) =>
    ada.messaging.postMessage({ channelId, message: undefined, firstAttempt: false }),
  ),
  badPost("an empty text", "no_text", ""),
  badPost("a text of 40,001 code points", "msg_too_long", "x".repeat(40_001)),
  badPost("a text of 40,001 code points in pairs", "msg_too_long", "🎉".repeat(40_001)),
  badPost("a text over 256 KiB", "msg_too_long", "ö".repeat(128 * 1024 + 1)),
  badPost("a text with a NUL", "invalid_text", "a\0b"),
  badPost("a client_msg_id of 65 bytes", "invalid_argument", "x", { clientMsgId: "x".repeat(65) }),
  badPost("a client_msg_id with a NUL", "invalid_argument", "x", { clientMsgId: "\0" }),
  badPost("a broadcast outside threads", "invalid_argument", "x", { broadcast: true }),
  badPost("another text under a client_msg_id that was used", "client_msg_id_reused", "other", {
    clientMsgId: "used",
  }),
  raw("a text with a lone surrogate", "invalid_argument", postPath, ({ channelId }) =>
    postOf(channelId, Buffer.from([0x61, 0xed, 0xa0, 0x80])),
  ),
  raw("a request that is cut off", "invalid_argument", postPath, ({ channelId }) =>
    postOf(channelId, Buffer.from("text")).subarray(0, -1),
  ),
  raw("a seq that a number cannot hold", "invalid_argument", "/confab.v1.Messaging/ListEvents", (stage) =>
    listOf(stage.channelId),
  ),

  bad("a batch of nothing", "too_many_posts", ({ ada, channelId }) =>
    ada.messaging.postMessages({ channelId, messages: [], firstAttempt: false }),
  ),
  bad("a batch of 257 messages", "too_many_posts", ({ ada, channelId }) => {
    const messages = Array.from({ length: 257 }, () => message("x"));
    return ada.messaging.postMessages({ channelId, messages, firstAttempt: false });
  }),
  {
    what: "a batch of bad messages only, over gRPC",
    error: "no_text msg_too_long invalid_text client_msg_id_reused",
    send: async ({ ada, channelId }) => {
      const texts = ["", "x".repeat(40_001), "\0"].map((text) => message(text));
      const messages = [...texts, message("other", { clientMsgId: "used" })];
      const { results } = await ada.messaging.postMessages({ channelId, messages, firstAttempt: false });
      return results
        .map(({ result }) => (result?.$case === "problem" ? result.value.code : "none"))
        .join(" ");
    },
  },

  bad("a page of 1,001 events", "invalid_argument", ({ ada, channelId }) =>
    ada.messaging.listEvents({ channelId, afterSeq: 0, limit: 1001 }),
  ),
  bad("a conversation with a crooked name", "invalid_name", ({ ada }) =>
    ada.directory.createConversation({ name: "No Good", type: publicType, topic: "" }),
  ),
  bad("a conversation with a name that is taken", "name_taken", ({ bob }) =>
    bob.directory.createConversation({ name: "general", type: publicType, topic: "" }),
  ),
];
