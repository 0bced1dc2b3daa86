import assert from "node:assert/strict";
import type { NewMessage } from "../../../gen/confab/v1/messaging.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import { sendsUnderWayMax } from "../../../lib/limits/limits.js";
import { ada, bob, channel, GatewayStage, otherChannel } from "./gateway-stage.js";
import type { TestClient } from "./test-client.js";

const at = (seq: number) => ({ seq, id: 1000 + seq });

describe("what a client sends to a channel", () => {
  let stage: GatewayStage;
  let client: TestClient;
  beforeEach(() => {
    stage = new GatewayStage();
    client = stage.connect();
  });

  function post(requestId: number, more: Partial<NewMessage> = {}, channelId: string = channel): void {
    const message = { text: `${requestId}`, clientMsgId: `id-${requestId}`, parentId: 0, broadcast: false };
    const value = { channelId, message: { ...message, ...more }, firstAttempt: true };
    stage.receive(client, { $case: "post", value }, requestId);
  }
  const react = (requestId: number, emoji = "eyes", messageId = 7) =>
    stage.receive(client, { $case: "react", value: { channelId: channel, messageId, emoji } }, requestId);
  const mark = (requestId: number, seq: number) =>
    stage.receive(client, { $case: "mark", value: { channelId: channel, seq } }, requestId);
  /** What owners have been asked since the last time. */
  const asked = () => stage.sent.splice(0);
  const texts = () => stage.sent.map(({ text }) => text);

  it("goes to the owner in the user's name, and its place comes back", () => {
    post(5);
    assert.deepEqual(texts(), [`${ada} in ${channel}: post 5`]);
    assert.equal(client.heard(), "");
    asked()[0]!.answer(at(3));
    assert.equal(client.heard(), "ack 5 at 3");
  });

  it("is refused by the name that the owner gives", () => {
    react(6);
    asked()[0]!.answer(new ConfabError("message_not_found", "message_id"));
    assert.equal(client.heard(), "error message_not_found message_id");
  });

  it("goes one call after the other, with what gathered meanwhile, in order", () => {
    for (const requestId of [1, 2]) post(requestId);
    react(3);
    post(4);
    const [first, ...others] = asked();
    assert.deepEqual([first?.text, others.length], [`${ada} in ${channel}: post 1`, 0]);
    first!.answer(at(1));
    assert.equal(client.heard(), "ack 1 at 1");
    const [second] = asked();
    assert.equal(second?.text, `${ada} in ${channel}: post 2, react eyes to 7, post 4`);
    post(5);
    assert.deepEqual(texts(), []);
    second!.answer(at(2), new ConfabError("already_reacted"), at(3));
    assert.equal(client.heard(), "ack 2 at 2, error already_reacted, ack 4 at 3");
    asked()[0]!.answer(at(4));
    assert.equal(client.heard(), "ack 5 at 4");
    assert.deepEqual(texts(), []);
  });

  it("does not wait for other channels, other clients, or marks", () => {
    post(1);
    post(2, {}, otherChannel);
    mark(3, 9);
    client = stage.connect(bob);
    post(4);
    assert.deepEqual(texts(), [
      `${ada} in ${channel}: post 1`,
      `${ada} in ${otherChannel}: post 2`,
      `${ada} in ${channel}: mark 9`,
      `${bob} in ${channel}: post 4`,
    ]);
  });

  it("moves a read mark once those before have been moved", () => {
    for (const seq of [4, 5, 6]) mark(seq, seq);
    for (const seq of [4, 5, 6]) {
      const [one, ...others] = asked();
      assert.deepEqual([one?.text, others.length], [`${ada} in ${channel}: mark ${seq}`, 0]);
      one!.answer(at(seq));
      assert.equal(client.heard(), `ack ${seq} at ${seq}`);
    }
  });

  it("is a first attempt only if all that go together are", () => {
    const value = { channelId: channel, message: undefined, firstAttempt: false };
    const retry = { text: "r", clientMsgId: "r", parentId: 0, broadcast: false };
    stage.receive(client, { $case: "post", value: { ...value, message: retry } }, 1);
    post(2);
    stage.receive(client, { $case: "post", value: { ...value, message: retry } }, 3);
    const [alone] = asked();
    assert.equal(alone?.text, `${ada} in ${channel} again: post r`);
    alone!.answer(at(1));
    assert.deepEqual(texts(), [`${ada} in ${channel} again: post 2, post r`]);
    asked()[0]!.answer(at(2), at(1));
    // Nobody can have used an id that the gateway makes.
    stage.receive(client, { $case: "post", value: { ...value, message: { ...retry, clientMsgId: "" } } }, 4);
    assert.deepEqual(texts(), [`${ada} in ${channel}: post r`]);
  });

  it("is checked before it goes anywhere, and wrong things hold nothing up", () => {
    post(1, {}, "general");
    post(2, { text: "" });
    post(3, { broadcast: true });
    react(4, "two eyes");
    react(5, "eyes", 0);
    mark(6, 0);
    stage.receive(
      client,
      { $case: "post", value: { channelId: channel, message: undefined, firstAttempt: true } },
      7,
    );
    const errors = [
      ...["invalid_id post.channel_id", "no_text post.message.text"],
      ...["invalid_argument post.message.broadcast", "invalid_argument react.emoji"],
      ...["missing_argument react.message_id", "missing_argument mark.seq", "missing_argument post.message"],
    ];
    assert.equal(client.heard(), errors.map((error) => `error ${error}`).join(", "));
    post(8);
    assert.deepEqual(texts(), [`${ada} in ${channel}: post 8`]);
  });

  it("is refused while the user asks too much", () => {
    stage.refusal = new ConfabError("rate_limited", "", "wait", 12.5);
    post(1);
    assert.deepEqual(texts(), []);
    assert.equal(client.heard(), "error rate_limited");
  });

  it("is refused while too much of the connection is under way, and is taken again after that", () => {
    for (let requestId = 1; requestId < sendsUnderWayMax; requestId++) post(requestId);
    mark(sendsUnderWayMax, 1);
    for (const requestId of [1000, 1001]) post(requestId, {}, otherChannel);
    assert.equal(client.heard(), "error overloaded, error overloaded");
    const [first, ofMark] = asked();
    first!.answer(at(1));
    ofMark!.answer(at(1));
    post(1002, {}, otherChannel);
    post(1003, {}, otherChannel);
    post(1004, {}, otherChannel);
    assert.equal(client.heard(), `ack 1 at 1, ack ${sendsUnderWayMax} at 1, error overloaded`);
    client = stage.connect();
    post(1, {}, otherChannel);
    assert.equal(client.heard(), "");
  });

  it("is carried out although the connection ends, and nobody is answered", () => {
    post(1);
    post(2);
    stage.gateway.ended(client.session!, stage.now);
    asked()[0]!.answer(at(1));
    assert.deepEqual(texts(), [`${ada} in ${channel}: post 2`]);
    asked()[0]!.answer(at(2));
    post(3);
    assert.equal(client.heard(), "");
    assert.deepEqual(texts(), []);
  });
});
