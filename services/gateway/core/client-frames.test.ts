import assert from "node:assert/strict";
import { subscriptionsMax } from "../../../lib/limits/limits.js";
import {
  ada,
  attached,
  bob,
  channel,
  delivery,
  GatewayStage,
  here,
  member,
  otherChannel,
} from "./gateway-stage.js";

const channelIdOf = (number: number) => `C${String(number).padStart(12, "0")}`;

function subscribeTo(...channelIds: string[]) {
  const channels = channelIds.map((channelId) => ({ channelId, position: undefined }));
  return { $case: "subscribe", value: { all: false, channels } } as const;
}

describe("what a client asks for", () => {
  let stage: GatewayStage;
  beforeEach(() => {
    stage = new GatewayStage();
  });

  it("attaches the channel and asks whether the user may, in one frame", () => {
    stage.subscribe(stage.connect());
    assert.deepEqual(stage.up(), [`${here}: attach, ask ${ada}`]);
  });

  it("is answered by subscribed and ready once the owner has said yes", () => {
    const client = stage.connect();
    stage.subscribe(client, 3);
    stage.down(here, attached(3));
    assert.equal(client.heard(), "");
    stage.down(here, member(ada, 3));
    assert.equal(client.heard(), "subscribed behind 3, ready 1");
  });

  it("brings only what is new without a position", () => {
    const client = stage.connect();
    stage.subscribe(client);
    stage.down(here, attached(7), member(ada, 7), delivery(8));
    assert.equal(client.heard(), "subscribed behind 7, ready 1, 8");
  });

  it("is ready when every channel has its answer, not before", () => {
    const client = stage.connect();
    stage.receive(client, subscribeTo(channel, otherChannel), 5);
    stage.down(here, attached(3), attached(2, 1, otherChannel), member(ada, 3));
    assert.equal(client.heard(), "subscribed behind 3");
    stage.down(here, member(ada, 2, false, otherChannel));
    assert.equal(client.heard(), "error not_in_channel channel_id, ready 5");
  });

  it("asks nobody twice for one channel and is ready at once with nothing to ask", () => {
    const client = stage.follow(3);
    stage.receive(client, subscribeTo(channel), 6);
    stage.receive(client, subscribeTo(), 7);
    assert.equal(client.heard(), "ready 6, ready 7");
    assert.deepEqual(stage.up(), []);
  });

  it("asks for each user of the gateway, and takes the answer for that user only", () => {
    const first = stage.follow(3);
    const second = stage.connect(bob);
    stage.subscribe(second);
    assert.deepEqual(stage.up(), [`${here}: ask ${bob}`]);
    stage.down(here, member(ada, 3, false));
    assert.equal(first.heard() + second.heard(), "");
    stage.down(here, member(bob, 3));
    assert.equal(second.heard(), "subscribed behind 3, ready 1");
  });

  it("is refused whole for one wrong id, and nothing is followed", () => {
    const client = stage.connect();
    for (const wrong of ["", "general", "c000000000001", "C00000000000U"]) {
      stage.receive(client, subscribeTo(channel, wrong));
      assert.equal(client.heard(), "error invalid_id subscribe.channels[1].channel_id", wrong);
    }
    assert.deepEqual(stage.up(), []);
    assert.equal(stage.gateway.followCounts().all, 0);
  });

  it("is refused whole when the connection would follow too many channels", () => {
    const client = stage.connect();
    const all = Array.from({ length: subscriptionsMax }, (_, i) => channelIdOf(i + 1));
    stage.receive(client, subscribeTo(...all, channelIdOf(0)));
    assert.equal(client.heard(), "error too_many_subscriptions");
    assert.equal(stage.gateway.followCounts().all, 0);
    stage.receive(client, subscribeTo(...all, channel));
    assert.equal(client.heard(), "");
    stage.receive(client, subscribeTo(channelIdOf(0)));
    assert.equal(client.heard(), "error too_many_subscriptions");
    assert.equal(stage.gateway.followCounts().all, subscriptionsMax);
  });

  it("ends the delivery on request", () => {
    const client = stage.follow(3);
    stage.receive(client, { $case: "unsubscribe", value: { channelIds: [channel, otherChannel] } }, 9);
    stage.down(here, delivery(4));
    assert.equal(client.heard(), "unsubscribed (REQUESTED), ready 9");
  });

  it("can be taken back before it was answered", () => {
    const client = stage.connect();
    stage.subscribe(client);
    stage.receive(client, { $case: "unsubscribe", value: { channelIds: [channel] } }, 2);
    stage.down(here, attached(3), member(ada, 3), delivery(4));
    assert.equal(client.heard(), "ready 1, unsubscribed (REQUESTED), ready 2");
  });

  it("carries typing up only where the client is live", () => {
    const client = stage.connect();
    const typing = { $case: "typing", value: { channelId: channel, parentId: 0 } } as const;
    stage.receive(client, typing, 2);
    stage.subscribe(client, 1);
    stage.receive(client, typing, 3);
    stage.down(here, attached(3), member(ada, 3));
    stage.receive(client, typing, 4);
    const refusal = "error not_in_channel typing.channel_id";
    assert.equal(client.heard(), `${refusal}, ${refusal}, subscribed behind 1, ready 1, ${refusal}`);
    assert.ok(!stage.up().join().includes("typing"));

    const live = stage.follow(3, bob);
    stage.receive(live, typing, 5);
    assert.equal(live.heard(), "ack 5");
    assert.deepEqual(stage.up(), [`${here}: typing`]);
  });

  it("is answered by pong, or by the name of what is not there yet", () => {
    const client = stage.connect();
    stage.receive(client, { $case: "ping", value: {} }, 8);
    stage.receive(client, { $case: "watchPresence", value: { userIds: [] } });
    stage.receive(client, undefined);
    const refusals = ["not_implemented watchPresence", "invalid_frame"];
    assert.equal(client.heard(), ["pong 8", ...refusals.map((words) => `error ${words}`)].join(", "));
  });

  it("does nothing any more once the connection has ended", () => {
    const client = stage.connect();
    stage.gateway.ended(client.session!, stage.now);
    stage.subscribe(client);
    assert.deepEqual(stage.up(), []);
    assert.equal(stage.gateway.sessionCount, 0);
  });
});
