import assert from "node:assert/strict";
import { deliveries, delivery, fetched, GatewayStage, here, newest } from "./gateway-stage.js";

describe("a channel's feed", () => {
  let stage: GatewayStage;
  beforeEach(() => {
    stage = new GatewayStage();
  });

  it("passes on each event once", () => {
    const client = stage.follow(3);
    stage.down(here, delivery(4), delivery(4), delivery(3), delivery(5), delivery(4));
    assert.equal(client.heard(), "4, 5");
    assert.deepEqual(stage.up(), []);
  });

  it("holds what comes above a gap, fetches the gap, and delivers all in order", () => {
    const client = stage.follow(3);
    stage.down(here, delivery(7), delivery(6));
    assert.equal(client.heard(), "");
    assert.deepEqual(stage.up(), [`${here}: fetch 4 to 6`]);
    stage.down(here, fetched(4, 6));
    assert.equal(client.heard(), "4, 5, 6, 7");
    stage.down(here, delivery(8));
    assert.equal(client.heard(), "8");
    assert.deepEqual(stage.up(), []);
  });

  it("fetches one gap after the other, each only up to what is held", () => {
    const client = stage.follow(3);
    stage.down(here, delivery(6), delivery(9));
    assert.deepEqual(stage.up(), [`${here}: fetch 4 to 5`]);
    stage.down(here, fetched(4, 5));
    assert.equal(client.heard(), "4, 5, 6");
    assert.deepEqual(stage.up(), [`${here}: fetch 7 to 8`]);
    stage.down(here, fetched(7, 8));
    assert.equal(client.heard(), "7, 8, 9");
  });

  it("fetches the rest when an answer came short", () => {
    const client = stage.follow(3);
    stage.down(here, delivery(9));
    stage.up();
    stage.down(here, fetched(4, 5, 8));
    assert.deepEqual(stage.up(), [`${here}: fetch 6 to 8`]);
    stage.down(here, fetched(6, 8));
    assert.equal(client.heard(), "4, 5, 6, 7, 8, 9");
  });

  it("finds a lost last event when the owner repeats the newest", () => {
    const client = stage.follow(3);
    stage.down(here, newest(3));
    assert.deepEqual(stage.up(), []);
    stage.down(here, newest(5));
    assert.deepEqual(stage.up(), [`${here}: fetch 4 to 5`]);
    stage.down(here, fetched(4, 5));
    assert.equal(client.heard(), "4, 5");
  });

  it("asks once for a gap while the answer is under way, and again when none comes", () => {
    const client = stage.follow(3);
    stage.down(here, delivery(6));
    stage.up();
    stage.down(here, delivery(7), newest(7));
    assert.deepEqual(stage.up(), []);
    stage.pass(3000);
    assert.deepEqual(stage.up(), []);
    stage.pass(400);
    assert.deepEqual(stage.up(), [`${here}: fetch 4 to 5`]);
    stage.down(here, fetched(4, 5));
    assert.equal(client.heard(), "4, 5, 6, 7");
  });

  it("waits before it asks again for a gap that an answer did not fill", () => {
    stage.follow(3);
    stage.down(here, delivery(6));
    stage.up();
    stage.down(here, fetched(4, 3, 5));
    assert.deepEqual(stage.up(), []);
    stage.pass(3400);
    assert.deepEqual(stage.up(), [`${here}: fetch 4 to 5`]);
  });

  it("keeps a bounded number of events above a gap, and fetches what it did not keep", () => {
    const client = stage.follow(1);
    stage.down(here, ...deliveries(3, 1100));
    stage.up();
    stage.down(here, fetched(2, 2));
    assert.deepEqual(stage.up(), [`${here}: fetch 1027 to 1100`]);
    stage.down(here, fetched(1027, 1100));
    const seqs = client.heard().split(", ");
    assert.equal(seqs.length, 1099);
    assert.deepEqual(
      seqs.map(Number),
      Array.from({ length: 1099 }, (_, i) => i + 2),
    );
  });
});
