import assert from "node:assert/strict";
import { ConfabError } from "../../lib/errors/errors.js";
import { parseClientFrame } from "./client-frame-json.js";

const id = "C000000000001";

/** The error of a frame: its name, and where it is. */
function errorOf(text: string): string {
  try {
    parseClientFrame(text);
  } catch (error) {
    if (error instanceof ConfabError) return `${error.code} ${error.field}`.trim();
    throw error;
  }
  return "none";
}

const malformed: readonly (readonly [text: string, error: string])[] = [
  ["", "invalid_json"],
  ["{", "invalid_json"],
  ["ping", "invalid_json"],
  ['{"ping":{}} ', "none"],
  ['{"ping":{}}{}', "invalid_json"],
  ["null", "invalid_frame"],
  ["[]", "invalid_frame"],
  ['"ping"', "invalid_frame"],
  ["7", "invalid_frame"],
  ["{}", "invalid_frame"],
  ['{"requestId":1}', "invalid_frame"],
  ['{"ping":{},"typing":{"channelId":"x"}}', "invalid_frame"],
  ['{"pong":{}}', "invalid_frame"],
  ['{"ping":{},"more":1}', "invalid_frame"],
  ['{"ping":{"a":1}}', "invalid_frame ping"],
  ['{"ping":null}', "invalid_frame ping"],
  ['{"__proto__":{"ping":{}},"ping":{}}', "invalid_frame"],
  ['{"requestId":-1,"ping":{}}', "invalid_frame requestId"],
  ['{"requestId":1.5,"ping":{}}', "invalid_frame requestId"],
  ['{"requestId":"1","ping":{}}', "invalid_frame requestId"],
  ['{"requestId":null,"ping":{}}', "invalid_frame requestId"],
  ['{"requestId":9007199254740992,"ping":{}}', "invalid_frame requestId"],
  ['{"subscribe":[]}', "invalid_frame subscribe"],
  ['{"subscribe":{"all":1}}', "invalid_frame subscribe.all"],
  ['{"subscribe":{"channels":{}}}', "invalid_frame subscribe.channels"],
  ['{"subscribe":{"channels":["x"]}}', "invalid_frame subscribe.channels.0"],
  ['{"subscribe":{"channels":[{}]}}', "invalid_frame subscribe.channels.0.channelId"],
  [
    '{"subscribe":{"channels":[{"channelId":{"toString":1}}]}}',
    "invalid_frame subscribe.channels.0.channelId",
  ],
  [
    `{"subscribe":{"channels":[{"channelId":"${id}","position":5}]}}`,
    "invalid_frame subscribe.channels.0.position",
  ],
  [
    `{"subscribe":{"channels":[{"channelId":"${id}","position":{"seq":5,"id":"x"}}]}}`,
    "invalid_frame subscribe.channels.0.position.id",
  ],
  [
    `{"subscribe":{"channels":[{"channelId":"${id}","position":{"seq":-5,"id":1}}]}}`,
    "invalid_frame subscribe.channels.0.position.seq",
  ],
  ['{"unsubscribe":{}}', "invalid_frame unsubscribe.channelIds"],
  ['{"unsubscribe":{"channelIds":[1]}}', "invalid_frame unsubscribe.channelIds.0"],
  ['{"typing":{}}', "invalid_frame typing.channelId"],
  [`{"typing":{"channelId":"${id}","parentId":-1}}`, "invalid_frame typing.parentId"],
  ['{"post":"x"}', "invalid_frame post"],
  ['{"post":{}}', "none"],
  ['{"post":{"text":"x"}}', "invalid_frame post"],
  ['{"post":{"channelId":1}}', "invalid_frame post.channelId"],
  ['{"post":{"message":[]}}', "invalid_frame post.message"],
  ['{"post":{"message":{"text":{"toString":1}}}}', "invalid_frame post.message.text"],
  ['{"post":{"message":{"parentId":"1"}}}', "invalid_frame post.message.parentId"],
  ['{"post":{"firstAttempt":1}}', "invalid_frame post.firstAttempt"],
  ['{"react":{"messageId":-1}}', "invalid_frame react.messageId"],
  ['{"react":{"emoji":null}}', "invalid_frame react.emoji"],
  ['{"mark":{"seq":1.5}}', "invalid_frame mark.seq"],
];

describe("a client's frame in JSON", () => {
  for (const [text, error] of malformed) {
    it(`${text || "of nothing"} has ${error === "none" ? "no error" : `the error ${error}`}`, () => {
      assert.equal(errorOf(text), error);
    });
  }

  it("is read with what it leaves out", () => {
    const position = { seq: 5, id: 1005 };
    const text = JSON.stringify({
      subscribe: { channels: [{ channelId: id, position }, { channelId: "x" }] },
    });
    const channels = [
      { channelId: id, position },
      { channelId: "x", position: undefined },
    ];
    assert.deepEqual(parseClientFrame(text), {
      requestId: 0,
      frame: { $case: "subscribe", value: { all: false, channels } },
    });
  });

  it("of a kind that is not served yet is not looked into", () => {
    const inner = { userIds: [{ toString: 1, valueOf: 1 }] };
    const text = JSON.stringify({ requestId: 4, watchPresence: inner });
    assert.equal(parseClientFrame(text).frame?.$case, "watchPresence");
  });

  it("may hold any number of channels: how many are too many is told by another name", () => {
    const channels = Array.from({ length: 6000 }, () => ({ channelId: id }));
    const { frame } = parseClientFrame(JSON.stringify({ subscribe: { channels } }));
    assert.equal(frame?.$case === "subscribe" && frame.value.channels.length, 6000);
  });
});
