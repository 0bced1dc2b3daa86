import assert from "node:assert/strict";
import { MessagingService } from "../../gen/confab/v1/messaging.js";
import { costOf } from "./costs.js";

const { postMessages, postMessage } = MessagingService;
const message = (text: string) => ({ text, clientMsgId: "1", parentId: 2 ** 40, broadcast: true });
const encoded = (count: number) =>
  postMessages.requestSerialize({
    channelId: "C1",
    messages: Array.from({ length: count }, (_, i) => message("x".repeat(i))),
    firstAttempt: true,
  });

describe("the cost of a call", () => {
  it("is the number of its messages, read without decoding them", () => {
    for (const count of [1, 2, 100, 256]) assert.equal(costOf(postMessages.path, encoded(count)), count);
  });

  it("is 1 at least, and never more than the largest call that can succeed", () => {
    assert.equal(costOf(postMessages.path, encoded(0)), 1);
    assert.equal(costOf(postMessages.path, encoded(1000)), 256);
  });

  it("is 1 for other calls, whatever they hold", () => {
    assert.equal(costOf(postMessage.path, encoded(9)), 1);
  });

  it("counts as far as an encoding can be read", () => {
    assert.equal(costOf(postMessages.path, encoded(3).subarray(0, -4)), 3);
    assert.equal(costOf(postMessages.path, new Uint8Array([0xff, 0xff, 0xff])), 1);
  });
});
