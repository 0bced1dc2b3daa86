import assert from "node:assert/strict";
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { MessagingService } from "../../gen/confab/v1/messaging.js";
import { decodeRequest } from "./decode.js";

const { requestDeserialize, requestSerialize } = MessagingService.postMessage;

/** A PostMessageRequest with this text. */
function withText(text: Uint8Array): Uint8Array {
  const message = new BinaryWriter().uint32(10).bytes(text).finish();
  return new BinaryWriter().uint32(18).bytes(message).finish();
}

const refused = { name: "ConfabError", code: "invalid_argument" };

describe("decoding requests", () => {
  it("gives what was sent, U+FFFD and a byte-order mark included", () => {
    const text = "\uFEFFgrüße \uFFFD 🎉";
    const message = { text, clientMsgId: "1", parentId: 2 ** 53 - 1, broadcast: true };
    const request = { channelId: "C1", message, firstAttempt: true };
    assert.deepEqual(decodeRequest(requestDeserialize, requestSerialize(request)), request);
  });

  it("refuses strings that are not UTF-8 instead of replacing what is wrong", () => {
    for (const text of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0x61, 0x80]]) {
      assert.throws(() => decodeRequest(requestDeserialize, withText(new Uint8Array(text))), refused);
    }
  });

  it("refuses integers that a number cannot hold, and says so", () => {
    const message = new BinaryWriter()
      .uint32(24)
      .uint64(2n ** 53n)
      .finish();
    const request = new BinaryWriter().uint32(18).bytes(message).finish();
    assert.throws(() => decodeRequest(requestDeserialize, request), { ...refused, message: /2\^53/ });
  });

  it("refuses what is cut off", () => {
    const whole = withText(new Uint8Array([0x61, 0x62]));
    assert.throws(() => decodeRequest(requestDeserialize, whole.subarray(0, -1)), refused);
  });

  it("refuses what has something behind a tag that no field can have", () => {
    const whole = withText(new Uint8Array([0x61, 0x62]));
    for (const tag of [0, 4, 12, 15]) {
      const rest = [tag, 1, 2, 3];
      assert.throws(() => decodeRequest(requestDeserialize, new Uint8Array([...whole, ...rest])), refused);
      assert.throws(() => decodeRequest(requestDeserialize, new Uint8Array(rest)), refused);
    }
  });
});
