import assert from "node:assert/strict";
import {
  ada,
  attached,
  bob,
  channel,
  deliveries,
  delivery,
  fetched,
  GatewayStage,
  here,
  member,
  refused,
} from "./gateway-stage.js";

const left = (...userIds: string[]) => ({ $case: "membersLeft", value: { userIds } }) as const;
const joined = (...userIds: string[]) => ({ $case: "membersJoined", value: { userIds } }) as const;

describe("those who follow a channel", () => {
  let stage: GatewayStage;
  beforeEach(() => {
    stage = new GatewayStage();
  });

  it("are refused by name unless the owner says that they may", () => {
    for (const [answer, error] of [
      [member(ada, 5, false), "not_in_channel channel_id"],
      [member(ada, 0, false), "channel_not_found channel_id"],
      [refused({ code: "msg_too_long", field: "f" }, ada), "msg_too_long f"],
      [refused({ code: "no_such_code" }), "internal"],
    ] as const) {
      stage = new GatewayStage();
      const client = stage.connect();
      stage.subscribe(client, 0);
      stage.down(here, attached(5), answer, delivery(6));
      assert.equal(client.heard(), `error ${error}, ready 1`);
      assert.equal(stage.gateway.followCounts().all, 0);
    }
  });

  it("are told once that they are refused", () => {
    const client = stage.connect();
    stage.subscribe(client);
    stage.down(here, attached(5), member(ada, 5, false), member(ada, 5, false), refused({ code: "no_text" }));
    assert.equal(client.heard(), "error not_in_channel channel_id, ready 1");
  });

  it("are ready once, though the owner refuses later what it had allowed", () => {
    const client = stage.follow(5);
    stage.down(here, refused({ code: "channel_not_found" }), delivery(6));
    assert.equal(client.heard(), "error channel_not_found");
  });

  it("are not concerned by a refusal of another user", () => {
    const client = stage.follow(5);
    stage.down(here, refused({ code: "channel_not_found" }, bob), delivery(6));
    assert.equal(client.heard(), "6");
  });

  it("get the event of their leaving and nothing after it", () => {
    const [one, two, other] = [stage.follow(5), stage.follow(5), stage.follow(5, bob)];
    stage.down(here, delivery(6, left(ada)), delivery(7));
    assert.equal(one.heard(), "6, unsubscribed (NOT_A_MEMBER)");
    assert.equal(two.heard(), "6, unsubscribed (NOT_A_MEMBER)");
    assert.equal(other.heard(), "6, 7");
  });

  it("get nothing after their leaving, where many follow by a topic", () => {
    const clients = Array.from({ length: 9 }, (_, i) => stage.follow(5, i === 0 ? bob : ada));
    stage.down(here, delivery(6, left(bob)), delivery(7));
    assert.deepEqual(stage.published, [`${channel}/json`, `${channel}/json`]);
    assert.equal(clients[0]?.heard(), "6, unsubscribed (NOT_A_MEMBER)");
    assert.equal(clients[1]?.heard(), "6, 7");
  });

  it("get nothing after their leaving, where they are catching up", () => {
    stage.follow(5, bob);
    const client = stage.connect();
    stage.subscribe(client, 3);
    stage.down(here, member(ada, 5), delivery(6, left(ada)), fetched(4, 5));
    assert.equal(client.heard(), "subscribed behind 3, ready 1, unsubscribed (NOT_A_MEMBER)");
  });

  it("are told that they left when it is found in a gap", () => {
    const client = stage.follow(5);
    stage.down(here, delivery(8));
    const answer = fetched(6, 7);
    if (answer.item?.$case === "fetched") {
      const { item } = delivery(6, left(ada));
      if (item?.$case === "delivery") answer.item.value.events[0] = item.value;
    }
    stage.down(here, answer);
    assert.equal(client.heard(), "6, unsubscribed (NOT_A_MEMBER)");
  });

  it("stay when others join or leave, and may come back", () => {
    const client = stage.follow(5);
    stage.down(here, delivery(6, joined(bob)), delivery(7, left(bob)));
    assert.equal(client.heard(), "6, 7");
    stage.down(here, delivery(8, left(ada)), delivery(9, joined(ada)));
    client.heard();
    stage.subscribe(client, 8);
    stage.down(here, member(ada, 9), ...deliveries(10, 11));
    assert.equal(client.heard(), "subscribed behind 8, ready 1, 9, 10, 11");
  });

  it("stay where the feed comes to their removal only after they have joined again", () => {
    stage.follow(5, bob);
    const [ahead, behind] = [stage.connect(), stage.connect()];
    stage.subscribe(ahead, 8);
    stage.subscribe(behind, 5);
    stage.down(here, member(ada, 9, true, channel, 8));
    stage.down(here, delivery(6, left(ada)), delivery(7), delivery(8, joined(ada)), delivery(9));
    assert.equal(ahead.heard(), "subscribed behind 8, ready 1, 9");
    assert.equal(behind.heard(), "subscribed behind 5, ready 1, 6, 7, 8, 9");
    stage.down(here, delivery(10, left(ada)), delivery(11));
    assert.equal(ahead.heard(), "10, unsubscribed (NOT_A_MEMBER)");
    assert.equal(behind.heard(), "10, unsubscribed (NOT_A_MEMBER)");
  });

  it("get nothing once their connection has ended", () => {
    const client = stage.follow(5);
    stage.gateway.ended(client.session!, stage.now);
    stage.gateway.ended(client.session!, stage.now);
    stage.down(here, delivery(6));
    assert.equal(client.heard(), "");
  });

  it("are sent away together when the gateway closes", () => {
    const clients = [stage.follow(5), stage.follow(5)];
    stage.gateway.close(4000, "bye");
    for (const client of clients) assert.deepEqual(client.closed, { code: 4000, reason: "bye" });
    assert.equal(stage.gateway.sessionCount, 0);
    stage.gateway.close(4000, "bye");
  });
});
