import assert from "node:assert/strict";
import type { NewMessage } from "../../gen/confab/v1/messaging.js";
import { ConfabError } from "../errors/errors.js";
import { parsePost, parsePosts } from "./posts.js";

const message = (values: Partial<NewMessage> = {}): NewMessage => ({
  ...{ text: "hello", clientMsgId: "1", parentId: 0, broadcast: false },
  ...values,
});
const parse = (values: Partial<NewMessage>) => parsePost(message(values), "message", () => "made");
const refused = (code: string, field: string) => ({ name: "ConfabError", code, field });

describe("validating posts", () => {
  it("leaves a good message as it is", () => {
    for (const values of [
      {},
      { text: " \n" },
      { text: "\uFEFF\uFFFD🎉" },
      { parentId: 7, broadcast: true },
      { clientMsgId: "ä".repeat(32) },
      { text: "x".repeat(40_000) },
      { text: "🎉".repeat(40_000) },
    ]) {
      assert.deepEqual(parse(values), message(values));
    }
  });

  it("makes a client_msg_id where there is none", () => {
    assert.equal(parse({ clientMsgId: "" }).clientMsgId, "made");
  });

  it("names the field at fault", () => {
    const cases: [Partial<NewMessage>, string, string][] = [
      [{ text: "" }, "no_text", "text"],
      [{ text: "x".repeat(40_001) }, "msg_too_long", "text"],
      [{ text: "🎉".repeat(40_001) }, "msg_too_long", "text"],
      [{ text: "a\0" }, "invalid_text", "text"],
      [{ text: "\udc00" }, "invalid_text", "text"],
      [{ text: "a\ud800b" }, "invalid_text", "text"],
      [{ clientMsgId: "x".repeat(65) }, "invalid_argument", "client_msg_id"],
      [{ clientMsgId: "ä".repeat(33) }, "invalid_argument", "client_msg_id"],
      [{ clientMsgId: "\0" }, "invalid_argument", "client_msg_id"],
      [{ broadcast: true }, "invalid_argument", "broadcast"],
    ];
    for (const [values, code, field] of cases) {
      assert.throws(() => parse(values), refused(code, `message.${field}`), field);
    }
    const missing = () => parsePost(undefined, "message", () => "made");
    assert.throws(missing, refused("missing_argument", "message"));
  });

  it("gives each message of many its own fault", () => {
    const [first, second, third] = parsePosts([message(), message({ text: "" }), message()], () => "made");
    assert.deepEqual([first, third], [message(), message()]);
    assert.ok(second instanceof ConfabError);
    assert.deepEqual([second.code, second.field], ["no_text", "messages[1].text"]);
  });

  it("takes 1 to 256 messages at a time", () => {
    const many = (count: number) => Array.from({ length: count }, () => message());
    assert.equal(parsePosts(many(256), () => "made").length, 256);
    for (const count of [0, 257]) {
      assert.throws(() => parsePosts(many(count), () => "made"), refused("too_many_posts", "messages"));
    }
  });
});
