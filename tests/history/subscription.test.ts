import assert from "node:assert/strict";
import { Subscription } from "./subscription.js";

describe("what a connection was given", () => {
  it("moves on with each event in turn", () => {
    const subscription = new Subscription(3);
    assert.equal(subscription.deliver(4), "next");
    assert.equal(subscription.deliver(5), "next");
    assert.equal(subscription.position, 5);
    assert.equal(subscription.hasHole(), false);
  });

  it("has a hole until the event comes that was left out", () => {
    const subscription = new Subscription(0);
    assert.equal(subscription.deliver(2), "ahead");
    assert.equal(subscription.deliver(4), "ahead");
    assert.equal(subscription.deliver(1), "late");
    assert.equal(subscription.position, 2);
    assert.equal(subscription.hasHole(), true);
    assert.equal(subscription.deliver(3), "late");
    assert.equal(subscription.hasHole(), false);
    assert.equal(subscription.position, 4);
  });

  it("counts gaps as given, wherever they are told, and whether or not they overlap", () => {
    const subscription = new Subscription(0);
    subscription.skip(3, 5);
    subscription.skip(4, 8);
    assert.equal(subscription.deliver(1), "next");
    assert.equal(subscription.deliver(10), "ahead");
    subscription.skip(9, 9);
    assert.equal(subscription.position, 1);
    assert.equal(subscription.deliver(2), "late");
    assert.equal(subscription.position, 10);
    assert.equal(subscription.deliver(6), "again");
  });

  it("knows what was not to come", () => {
    const subscription = new Subscription(3);
    assert.equal(subscription.deliver(3), "again");
    assert.equal(subscription.deliver(5), "ahead");
    assert.equal(subscription.deliver(5), "again");
  });
});
