import assert from "node:assert/strict";
import {
  ada,
  attached,
  bob,
  channel,
  deliveries,
  delivery,
  GatewayStage,
  here,
  member,
  typing,
} from "./gateway-stage.js";
import type { TestClient } from "./test-client.js";

describe("the live followers of a channel", () => {
  let stage: GatewayStage;
  beforeEach(() => {
    stage = new GatewayStage();
  });

  const followers = (count: number) => Array.from({ length: count }, () => stage.follow(3));
  const topics = (clients: readonly TestClient[]) =>
    clients.filter(({ topics }) => topics.has(`${channel}/json`)).length;
  const heardByAll = (clients: readonly TestClient[]) => [...new Set(clients.map((one) => one.heard()))];
  const end = (client: TestClient) => stage.gateway.ended(client.session!, stage.now);

  it("get events by hand while they are few", () => {
    const clients = followers(7);
    stage.down(here, delivery(4));
    assert.deepEqual(heardByAll(clients), ["4"]);
    assert.equal(topics(clients), 0);
    assert.deepEqual(stage.published, []);
  });

  it("get one publication from eight on, and again by hand below four", () => {
    const clients = followers(8);
    assert.equal(topics(clients), 8);
    stage.down(here, delivery(4), delivery(5));
    assert.deepEqual(stage.published, [`${channel}/json`, `${channel}/json`]);
    assert.deepEqual(heardByAll(clients), ["4, 5"]);

    for (const client of clients.splice(4)) end(client);
    assert.equal(topics(clients), 4);
    stage.down(here, delivery(6));
    for (const client of clients.splice(3)) end(client);
    assert.equal(topics(clients), 0);
    stage.down(here, delivery(7));
    assert.equal(stage.published.length, 3);
    assert.deepEqual(heardByAll(clients), ["6, 7"]);
  });

  it("miss nothing and get nothing twice in the switch, wherever it falls between events", () => {
    const clients = followers(7);
    const eighth = stage.connect(bob);
    stage.subscribe(eighth, 3);
    stage.down(here, delivery(4), member(bob, 4), delivery(5));
    assert.equal(eighth.heard(), "subscribed behind 3, ready 1, 4, 5");
    assert.deepEqual(heardByAll(clients), ["4, 5"]);
    assert.deepEqual(stage.published, [`${channel}/json`]);

    const ninth = stage.connect(bob);
    stage.subscribe(ninth, 4);
    stage.down(here, member(bob, 5), delivery(6));
    assert.equal(ninth.heard(), "subscribed behind 4, ready 1, 5, 6");
    for (const client of [eighth, ninth, ...clients.slice(0, 4)]) end(client);
    stage.down(here, delivery(7));
    assert.deepEqual(heardByAll(clients.slice(4)), ["6, 7"]);
  });

  it("leave the topic when they unsubscribe", () => {
    const clients = followers(9);
    stage.receive(clients[0]!, { $case: "unsubscribe", value: { channelIds: [channel] } });
    stage.down(here, delivery(4));
    assert.equal(clients[0]!.heard(), "unsubscribed (REQUESTED), ready 1");
    assert.deepEqual(heardByAll(clients.slice(1)), ["4"]);
  });

  it("are reached by hand where they know no topics, beside those who have one", () => {
    stage.follow(3);
    const clients = Array.from({ length: 9 }, () => {
      const client = stage.connect();
      client.canJoin = false;
      stage.subscribe(client, 3);
      stage.down(here, member(ada, 3));
      client.heard();
      return client;
    });
    const others = followers(7);
    stage.down(here, delivery(4));
    assert.deepEqual(stage.published, [`${channel}/json`]);
    assert.equal(topics(others), 7);
    assert.deepEqual(heardByAll([...clients, ...others]), ["4"]);
  });

  it("have a topic for each format that many have", () => {
    const formats = ["proto", "json", "proto"] as const;
    const clients = Array.from({ length: 24 }, (_, at) => stage.follow(3, ada, formats[at % 3]!));
    stage.down(here, delivery(4));
    assert.deepEqual(stage.published, [`${channel}/json`, `${channel}/proto`]);
    for (const client of clients.filter(({ format }) => format === "json")) end(client);
    stage.down(here, delivery(5));
    assert.deepEqual(stage.published.slice(2), [`${channel}/proto`]);
    assert.deepEqual(heardByAll(clients.filter(({ format }) => format === "proto")), ["4, 5"]);
  });

  it("all get an event, though sending it ends the connections of some", () => {
    const clients = followers(6);
    for (const at of [0, 3, 5]) clients[at]!.onSent = () => end(clients[at]!);
    stage.down(here, delivery(4), delivery(5));
    assert.deepEqual(
      clients.map((client) => client.heard()),
      ["4", "4, 5", "4, 5", "4", "4, 5", "4"],
    );
    assert.equal(stage.gateway.followCounts().all, 3);
  });

  it("are not those whose connection ended by what it was sent to catch up", () => {
    stage.follow(3);
    stage.down(here, ...deliveries(4, 6));
    const client = stage.connect(bob);
    client.onSent = () => end(client);
    stage.subscribe(client, 3);
    stage.down(here, member(bob, 6));
    assert.deepEqual(stage.gateway.followCounts(), { all: 1, asking: 0, catchingUp: 0 });
  });

  it("see who is typing, but not themselves", () => {
    const [first, second] = [stage.follow(3, ada), stage.follow(3, bob)];
    stage.down(here, typing(ada, 3));
    assert.equal(first.heard(), "");
    assert.equal(second.heard(), `typing ${ada}`);
  });

  it("see nobody typing behind an event that the gateway has not got", () => {
    const client = stage.follow(3, bob);
    stage.down(here, typing(ada, 5), ...deliveries(4, 5), typing(ada, 5));
    assert.equal(client.heard(), `4, 5, typing ${ada}`);
  });

  it("are not joined by those who catch up, nor is typing told to those", () => {
    stage.follow(5, ada);
    const client = stage.connect(bob);
    stage.subscribe(client, 3);
    stage.down(here, attached(5), member(bob, 5), typing(ada, 5), delivery(6));
    assert.equal(client.heard(), "subscribed behind 3, ready 1");
  });
});
