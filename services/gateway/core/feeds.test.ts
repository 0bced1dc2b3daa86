import assert from "node:assert/strict";
import {
  ada,
  attached,
  bob,
  deliveries,
  delivery,
  detached,
  fetched,
  GatewayStage,
  here,
  member,
  newest,
  otherChannel,
  refused,
  there,
  typing,
} from "./gateway-stage.js";

describe("the channels of a gateway", () => {
  let stage: GatewayStage;
  beforeEach(() => {
    stage = new GatewayStage();
  });

  const end = (client: { session: unknown }) => stage.gateway.ended(client.session as never, stage.now);

  it("are attached again with their position when the stream broke, and what was missed is fetched", () => {
    const client = stage.follow(3);
    stage.closeStream(here);
    stage.down(here, delivery(4));
    assert.deepEqual(stage.up(), []);
    stage.pass(200);
    assert.deepEqual(stage.up(), [`${here}: attach from 3`]);
    stage.down(here, attached(5), delivery(6));
    assert.deepEqual(stage.up(), [`${here}: fetch 4 to 5`]);
    stage.down(here, fetched(4, 5));
    assert.equal(client.heard(), "4, 5, 6");
  });

  it("are attached where the owner is by then", () => {
    stage.follow(3);
    stage.owner = { address: there, epoch: 2 };
    stage.closeStream(here);
    stage.pass(200);
    assert.deepEqual(stage.up(), [`${there}: attach from 3`]);
  });

  it("are attached again with growing waits while the stream cannot be opened, up to a second", () => {
    stage.follow(3);
    const tries: number[] = [];
    const begin = stage.now;
    stage.closeStream(here);
    while (stage.now - begin < 8000) {
      stage.pass(200);
      if (stage.up().length === 0) continue;
      tries.push(stage.now - begin);
      stage.closeStream(here);
    }
    const waits = tries.map((at, i) => at - (tries[i - 1] ?? 0));
    assert.deepEqual(waits.slice(0, 5), [200, 200, 200, 200, 400]);
    assert.ok(waits.length >= 10 && Math.max(...waits) === 800, waits.join());
  });

  it("are attached again when an attachment got no answer", () => {
    stage.subscribe(stage.connect());
    stage.up();
    stage.pass(2800);
    assert.deepEqual(stage.up(), []);
    stage.pass(400);
    assert.match(stage.up().join(), /attach/);
  });

  it("are attached as soon as they have an owner", () => {
    stage.owner = undefined;
    const client = stage.connect();
    stage.subscribe(client);
    stage.pass(1000);
    assert.deepEqual(stage.up(), []);
    stage.moveTo({ address: here, epoch: 1 });
    assert.deepEqual(stage.up(), [`${here}: attach`]);
    stage.down(here, attached(3));
    assert.deepEqual(stage.up(), [`${here}: ask ${ada}`]);
    stage.down(here, member(ada, 3));
    assert.equal(client.heard(), "subscribed behind 3, ready 1");
  });

  it("move at once when the ring changes, and the old owner's words are not heard any more", () => {
    const client = stage.follow(3);
    stage.moveTo({ address: there, epoch: 2 });
    assert.deepEqual(stage.up(), [`${there}: attach from 3`]);
    stage.down(here, delivery(4), newest(9), typing(bob, 3), fetched(4, 5), detached());
    stage.down(there, attached(3, 2));
    assert.deepEqual(stage.up(), []);
    stage.down(here, delivery(4), newest(9), typing(bob, 3), fetched(4, 5), detached(), attached(9, 1));
    stage.down(here, refused({ code: "not_owner", retryMs: 100 }), refused({ code: "channel_not_found" }));
    stage.pass(1000);
    assert.deepEqual(stage.up(), []);
    assert.equal(client.heard(), "");
    stage.down(there, delivery(4));
    assert.equal(client.heard(), "4");
  });

  it("take no answer about a user from an owner that lost them", () => {
    const client = stage.connect();
    stage.subscribe(client);
    stage.down(here, attached(3));
    stage.moveTo({ address: there, epoch: 2 });
    stage.down(there, attached(3, 2));
    stage.down(here, member(ada, 3, false));
    assert.equal(client.heard(), "");
    stage.down(there, member(ada, 3));
    assert.equal(client.heard(), "subscribed behind 3, ready 1");
  });

  it("are not attached under an epoch that has passed, but under a newer one than known", () => {
    const client = stage.follow(3);
    stage.moveTo({ address: here, epoch: 5 });
    assert.deepEqual(stage.up(), [`${here}: attach from 3`]);
    stage.down(here, attached(3, 4), delivery(4));
    assert.equal(client.heard(), "");
    stage.down(here, attached(3, 6), delivery(4));
    assert.equal(client.heard(), "4");
  });

  it("stay where they are when other slots change owner", () => {
    stage.follow(3);
    stage.owner = { address: there, epoch: 2 };
    stage.gateway.ringChanged([], stage.now);
    assert.deepEqual(stage.up(), []);
  });

  it("are attached again when the owner detaches them or cannot serve now", () => {
    for (const item of [detached(), refused({ code: "not_owner", retryMs: 100 }), refused({ retryMs: 1 })]) {
      stage = new GatewayStage();
      const client = stage.follow(3);
      stage.down(here, item, delivery(4));
      stage.pass(200);
      assert.deepEqual(stage.up(), [`${here}: attach from 3`]);
      stage.down(here, attached(4), fetched(4, 4));
      assert.equal(client.heard(), "4");
    }
  });

  it("forget what they held above a gap when detached, and fetch it again", () => {
    const client = stage.follow(3);
    stage.down(here, delivery(6), detached());
    stage.up();
    stage.pass(200);
    stage.down(here, attached(6));
    assert.deepEqual(stage.up(), [`${here}: attach from 3, fetch 4 to 6`]);
    stage.down(here, fetched(4, 6));
    assert.equal(client.heard(), "4, 5, 6");
  });

  it("stay attached for a minute without followers, and serve who comes back", () => {
    end(stage.follow(3));
    stage.pass(59_000);
    stage.down(here, ...deliveries(4, 5));
    const client = stage.connect();
    stage.subscribe(client, 3);
    assert.deepEqual(stage.up(), [`${here}: ask ${ada}`]);
    stage.down(here, member(ada, 5));
    assert.equal(client.heard(), "subscribed behind 3, ready 1, 4, 5");
    stage.pass(120_000);
    assert.deepEqual(stage.up(), []);
  });

  it("are let go after a minute without followers, and attached anew for the next", () => {
    const staying = stage.connect(bob);
    stage.subscribe(staying, undefined, otherChannel);
    stage.down(here, attached(1, 1, otherChannel), member(bob, 1, true, otherChannel));
    end(stage.follow(3));
    stage.pass(60_400);
    assert.deepEqual(stage.up(), [`${here}: detach`]);
    const client = stage.connect();
    stage.subscribe(client);
    stage.down(here, delivery(4));
    assert.deepEqual(stage.up(), [`${here}: attach, ask ${ada}`]);
    stage.down(here, attached(8), member(ada, 8), delivery(9));
    assert.equal(client.heard(), "subscribed behind 8, ready 1, 9");
  });
});
