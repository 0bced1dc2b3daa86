import assert from "node:assert/strict";
import { loadRegistry } from "../../../lib/rpc/reflection.js";
import { readMessage } from "./read-json.js";

const registry = loadRegistry();
const read = (type: string, json: unknown) => readMessage(registry.getMessage(`confab.v1.${type}`)!, json);
const refuses = (type: string, json: unknown, field: string, code = "invalid_argument") =>
  assert.throws(() => read(type, json), { name: "ConfabError", code, field }, JSON.stringify(json));

describe("JSON of requests", () => {
  it("is read with fields by either name, null for what is not set, and integers as numbers or texts", () => {
    const json = {
      channel_id: "C1",
      firstAttempt: true,
      messages: [
        { text: "grüße 🎉", client_msg_id: "1", parentId: "9007199254740991", broadcast: null },
        { text: "", parent_id: 7 },
      ],
    };
    assert.deepEqual(read("PostMessagesRequest", json), {
      channelId: "C1",
      firstAttempt: true,
      messages: [
        { text: "grüße 🎉", clientMsgId: "1", parentId: Number.MAX_SAFE_INTEGER },
        { text: "", parentId: 7 },
      ],
    });
    for (const type of [1, "CONVERSATION_TYPE_PUBLIC"]) {
      assert.deepEqual(read("CreateConversationRequest", { type }), { type: 1 });
    }
    assert.deepEqual(read("WhoAmIRequest", {}), {});
  });

  it("is refused by the path of what is not known or of another type", () => {
    const post = (message: object) => ({ channelId: "C1", messages: [{ text: "ok" }, message] });
    refuses("PostMessagesRequest", post({ txt: "hi" }), "messages[1].txt");
    refuses("PostMessagesRequest", post({ text: 7 }), "messages[1].text");
    refuses("PostMessagesRequest", post({ text: "\ud800" }), "messages[1].text", "invalid_text");
    refuses("PostMessagesRequest", post({ broadcast: "true" }), "messages[1].broadcast");
    refuses("PostMessagesRequest", { messages: {} }, "messages");
    refuses("PostMessagesRequest", { messages: [null] }, "messages[0]");
    refuses("PostMessagesRequest", { channelId: "C1", channel_id: "C2" }, "channel_id");
    refuses("PostMessageRequest", { message: [] }, "message");
    refuses("CreateConversationRequest", { type: "PUBLIC" }, "type");
    refuses("CreateConversationRequest", { type: 9 }, "type");
    refuses("WhoAmIRequest", { toString: 1 }, "toString");
    refuses("WhoAmIRequest", JSON.parse('{"__proto__":{"a":1}}'), "__proto__");
    for (const json of [null, undefined, 7, "", []]) refuses("WhoAmIRequest", json, "");
  });

  it("has integers only within what the contract and a number can hold", () => {
    for (const afterSeq of [-1, 1.5, 2 ** 53, "9007199254740992", "1e3", "-1", "07", " 1", "", true, {}]) {
      refuses("ListEventsRequest", { afterSeq }, "after_seq");
    }
    refuses("ListEventsRequest", { limit: 2 ** 32 }, "limit");
    assert.deepEqual(read("ListEventsRequest", { limit: 2 ** 32 - 1 }), { limit: 2 ** 32 - 1 });
  });
});
