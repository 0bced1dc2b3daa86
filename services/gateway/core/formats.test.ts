import assert from "node:assert/strict";
import { catchUpBytesMax, transientBytesMax } from "../../../lib/limits/limits.js";
import { ada, bob, channel, delivery, GatewayStage, here, member, typing } from "./gateway-stage.js";

describe("connections of both formats", () => {
  let stage: GatewayStage;
  beforeEach(() => {
    stage = new GatewayStage();
  });

  it("get the same events, each in its own format", () => {
    const json = stage.follow(3);
    const proto = stage.follow(3, ada, "proto");
    stage.down(here, delivery(4), delivery(5));
    assert.deepEqual([json.heard(), proto.heard()], ["4, 5", "4, 5"]);
  });

  it("have topics of their own", () => {
    const clients = Array.from({ length: 16 }, (_, i) => stage.follow(3, ada, i % 2 ? "json" : "proto"));
    stage.down(here, delivery(4));
    assert.deepEqual(stage.published.sort(), [`${channel}/json`, `${channel}/proto`]);
    assert.ok(clients.every((client) => client.heard() === "4"));
  });
});

describe("a client that is slow to read", () => {
  let stage: GatewayStage;
  beforeEach(() => {
    stage = new GatewayStage();
  });

  it("gets no transient events while much waits for it, but all durable ones", () => {
    const slow = stage.follow(3);
    const quick = stage.follow(3);
    slow.buffered = transientBytesMax;
    stage.down(here, typing(bob, 3), delivery(4));
    assert.equal(slow.heard(), "4");
    assert.equal(quick.heard(), `typing ${bob}, 4`);
  });

  it("is caught up as it reads: nothing is lost, and nothing newer comes before", () => {
    const other = stage.follow(3);
    stage.down(here, delivery(4), delivery(5));
    const slow = stage.connect();
    slow.buffered = catchUpBytesMax + 1;
    stage.subscribe(slow, 3);
    stage.down(here, member(ada, 5));
    assert.match(slow.heard(), /^subscribed behind 3, ready/);
    stage.down(here, delivery(6));
    assert.equal(slow.heard(), "");
    slow.buffered = 0;
    stage.gateway.drained(slow.session!, stage.now);
    assert.equal(slow.heard(), "4, 5, 6");
    stage.down(here, delivery(7));
    assert.equal(slow.heard(), "7");
    assert.equal(other.heard(), "4, 5, 6, 7");
  });
});
