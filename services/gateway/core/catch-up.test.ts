import assert from "node:assert/strict";
import {
  ada,
  attached,
  bob,
  deliveries,
  delivery,
  fetched,
  GatewayStage,
  here,
  member,
} from "./gateway-stage.js";
import type { TestClient } from "./test-client.js";

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i).join(", ");

describe("a catch-up", () => {
  let stage: GatewayStage;
  beforeEach(() => {
    stage = new GatewayStage();
  });

  /** Somebody else, behind `seq`, who may follow. */
  function comeBack(seq: number, newest: number) {
    const client = stage.connect(bob);
    stage.subscribe(client, seq);
    stage.up();
    stage.down(here, member(bob, newest));
    return client;
  }

  it("is served from the ring, and what is new follows", () => {
    stage.follow(3);
    stage.down(here, ...deliveries(4, 9));
    const client = comeBack(5, 9);
    assert.equal(client.heard(), "subscribed behind 5, ready 1, 6, 7, 8, 9");
    stage.down(here, delivery(10));
    assert.equal(client.heard(), "10");
    assert.deepEqual(stage.up(), []);
  });

  it("has no text any more that was deleted since", () => {
    const live = stage.follow(3);
    const texts = (client: TestClient) =>
      [
        ...client
          .frames()
          .join()
          .matchAll(/text \d/g),
      ].join();
    const deleted = { $case: "messageDeleted", value: { messageId: 1004 } } as const;
    stage.down(here, delivery(4), delivery(5), delivery(6, deleted));
    assert.equal(texts(live), "text 4,text 5");
    assert.equal(texts(comeBack(3, 6)), "text 5");
    assert.equal(comeBack(3, 6).heard(), "subscribed behind 3, ready 1, 4, 5, 6");
  });

  it("is fetched from the owner where the ring does not reach", () => {
    stage.follow(9);
    const client = comeBack(5, 9);
    assert.deepEqual(stage.up(), [`${here}: fetch 6 to 9`]);
    stage.down(here, fetched(6, 9));
    assert.equal(client.heard(), "subscribed behind 5, ready 1, 6, 7, 8, 9");
    stage.down(here, delivery(10));
    assert.equal(client.heard(), "10");
  });

  it("fetches a page at a time, and the rest of a page that came short", () => {
    stage.follow(500);
    const client = comeBack(0, 500);
    assert.deepEqual(stage.up(), [`${here}: fetch 1 to 256`]);
    stage.down(here, fetched(1, 200, 256));
    assert.deepEqual(stage.up(), [`${here}: fetch 201 to 456`]);
    stage.down(here, fetched(201, 456));
    assert.deepEqual(stage.up(), [`${here}: fetch 457 to 500`]);
    stage.down(here, fetched(457, 500));
    assert.equal(client.heard(), `subscribed behind 0, ready 1, ${numbers(1, 500)}`);
  });

  it("sends nothing newer before what was missed, and joins in the turn of the last missed event", () => {
    const live = stage.follow(9);
    const client = comeBack(7, 9);
    stage.down(here, ...deliveries(10, 12));
    assert.equal(live.heard(), "10, 11, 12");
    assert.equal(client.heard(), "subscribed behind 7, ready 1");
    stage.down(here, fetched(8, 9), delivery(13));
    assert.equal(client.heard(), "8, 9, 10, 11, 12, 13");
    assert.equal(live.heard(), "13");
  });

  it("sends nothing above the gateway's position, though the owner's page does", () => {
    const live = stage.follow(9);
    const client = comeBack(7, 9);
    stage.down(here, delivery(12));
    stage.up();
    stage.down(here, fetched(8, 9));
    assert.equal(client.heard(), "subscribed behind 7, ready 1, 8, 9");
    stage.down(here, fetched(10, 11));
    assert.equal(client.heard(), "10, 11, 12");
    assert.equal(live.heard(), "10, 11, 12");
  });

  it("serves all who wait from one answer, each from where it is", () => {
    stage.follow(9);
    const [first, second] = [comeBack(5, 9), comeBack(7, 9)];
    stage.down(here, fetched(6, 9));
    assert.equal(first.heard(), "subscribed behind 5, ready 1, 6, 7, 8, 9");
    assert.equal(second.heard(), "subscribed behind 7, ready 1, 8, 9");
    stage.down(here, fetched(8, 9), delivery(10));
    assert.equal(first.heard(), "10");
    assert.equal(second.heard(), "10");
  });

  it("of exactly 1,000 events is sent, of more a gap is told, and delivery goes on live", () => {
    stage.follow(1001);
    const near = comeBack(1, 1001);
    assert.deepEqual(stage.up(), [`${here}: fetch 2 to 257`]);
    assert.equal(near.heard(), "subscribed behind 1, ready 1");
    const far = comeBack(0, 1001);
    assert.equal(far.heard(), "subscribed behind 0, ready 1, gap 1 to 1001 (TOO_FAR_BEHIND)");
    stage.down(here, delivery(1002));
    assert.equal(far.heard(), "1002");
  });

  it("of a client ahead of the gateway waits for the gateway", () => {
    const live = stage.follow(3);
    const client = stage.connect(bob);
    stage.subscribe(client, 5);
    stage.down(here, member(bob, 6), fetched(6, 6), delivery(4));
    assert.equal(client.heard(), "subscribed behind 5, ready 1");
    stage.down(here, delivery(5));
    stage.down(here, delivery(6));
    assert.equal(client.heard(), "6");
    assert.equal(live.heard(), "4, 5, 6");
  });

  it("is refused from a position that the channel has not reached", () => {
    stage.follow(3);
    const client = comeBack(5, 4);
    stage.up();
    stage.down(here, member(bob, 4));
    assert.equal(client.heard(), "error invalid_position position, ready 1");
    stage.down(here, ...deliveries(4, 6));
    assert.equal(client.heard(), "");
  });

  it("is not refused for the answer to an older question of the same user", () => {
    stage.follow(3);
    const client = comeBack(5, 4);
    stage.down(here, ...deliveries(4, 5), member(bob, 5));
    assert.equal(client.heard(), "subscribed behind 5, ready 1");
    stage.down(here, delivery(6));
    assert.equal(client.heard(), "6");
  });

  it("asks again for what got no answer", () => {
    stage.follow(9);
    const client = comeBack(5, 9);
    stage.up();
    stage.pass(2800);
    assert.deepEqual(stage.up(), []);
    stage.pass(400);
    assert.deepEqual(stage.up(), [`${here}: fetch 6 to 9`]);
    stage.down(here, fetched(6, 9));
    assert.equal(client.heard(), "subscribed behind 5, ready 1, 6, 7, 8, 9");
  });

  it("goes on where it was after the stream broke", () => {
    stage.follow(9);
    const client = comeBack(5, 9);
    stage.up();
    stage.closeStream(here);
    stage.down(here, fetched(6, 9));
    assert.equal(client.heard(), "subscribed behind 5, ready 1");
    stage.pass(200);
    assert.deepEqual(stage.up(), [`${here}: attach from 9`]);
    stage.down(here, attached(11));
    assert.deepEqual(stage.up(), [`${here}: fetch 6 to 9, fetch 10 to 11`]);
    stage.down(here, fetched(10, 11), fetched(6, 9));
    assert.equal(client.heard(), "6, 7, 8, 9, 10, 11");
  });

  it("asks again whether the user may, too, when the stream broke or said nothing", () => {
    const client = stage.connect();
    stage.subscribe(client, 3);
    stage.down(here, attached(3));
    stage.up();
    stage.closeStream(here);
    stage.pass(200);
    stage.down(here, attached(3));
    assert.deepEqual(stage.up(), [`${here}: attach from 3, ask ${ada}`]);
    stage.pass(3200);
    assert.deepEqual(stage.up(), [`${here}: ask ${ada}`]);
    stage.down(here, member(ada, 3), member(ada, 3));
    assert.equal(client.heard(), "subscribed behind 3, ready 1");
  });
});
