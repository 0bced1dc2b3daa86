import assert from "node:assert/strict";
import type { Event } from "../../../gen/confab/v1/types.js";
import type { ChannelId } from "../../../lib/ids/ids.js";
import { subscriptionsMax } from "../../../lib/limits/limits.js";
import {
  ada,
  attached,
  channel,
  deliveries,
  delivery,
  fetched,
  GatewayStage,
  here,
  member,
  memberships,
  notice,
  otherChannel,
  there,
} from "./gateway-stage.js";
import type { TestClient } from "./test-client.js";

type Named = Record<string, number | undefined>;
const left: Event["kind"] = { $case: "membersLeft", value: { userIds: [ada] } };

describe("a client that follows all conversations", () => {
  let stage: GatewayStage;
  beforeEach(() => {
    stage = new GatewayStage();
  });

  /** Asks for everything, and names channels with the last event that it has. */
  function all(client: TestClient, named: Named = {}, requestId = 1): void {
    const channels = Object.entries(named).map(([channelId, seq]) => {
      return { channelId, position: seq === undefined ? undefined : { seq, id: 1000 + seq } };
    });
    stage.receive(client, { $case: "subscribe", value: { all: true, channels } }, requestId);
  }
  /** Lets the own channel be admitted at a `seq`; returns what goes up then. */
  function admit(seq = 5): string[] {
    stage.down(here, attached(seq, 1, ada));
    stage.up();
    stage.down(here, member(ada, seq, true, ada));
    return stage.up();
  }
  /** A client that is ready and has no conversation. */
  function ready(named: Named = {}): TestClient {
    const client = stage.connect();
    all(client, named);
    admit();
    stage.down(here, memberships(1, []));
    client.heard();
    stage.up();
    return client;
  }
  const unsubscribe = (client: TestClient, ...channelIds: string[]) =>
    stage.receive(client, { $case: "unsubscribe", value: { channelIds } }, 9);

  it("follows the user's own channel, then the list, and is ready when all of it is answered", () => {
    const client = stage.connect();
    all(client);
    assert.deepEqual(stage.up(), [`${here}: attach of ${ada}, ask ${ada} of ${ada}`]);
    assert.deepEqual(admit(), [`${here}: list 1 of ${ada}`]);
    stage.down(here, memberships(1, [[channel, 3]]));
    assert.deepEqual(stage.up(), [`${here}: attach, ask ${ada}`]);
    assert.equal(client.heard(), "subscribed behind 5");
    stage.down(here, attached(20), member(ada, 20), delivery(21));
    assert.equal(client.heard(), "subscribed behind 20, ready 1, 21");
  });

  it("is ready at once without any conversation, also where nothing ever happened to the user", () => {
    const client = stage.connect();
    all(client);
    stage.down(here, attached(0, 1, ada));
    stage.down(here, {
      alias: 0,
      item: {
        $case: "member",
        value: { channelId: ada, userId: ada, member: true, newest: undefined, joinedSeq: 0 },
      },
    });
    stage.down(here, memberships(1, []));
    assert.equal(client.heard(), "subscribed behind 0, ready 1");
  });

  it("begins where the client is in what it names, else now", () => {
    const client = stage.connect();
    all(client, { [channel]: 18 });
    admit();
    stage.down(here, memberships(1, [[channel, 3]]), attached(20));
    stage.up();
    stage.down(here, member(ada, 20));
    assert.deepEqual(stage.up(), [`${here}: fetch 19 to 20`]);
    assert.equal(client.heard(), "subscribed behind 5, subscribed behind 18, ready 1");
  });

  it("begins with the joining in what it does not name, if it names its own channel", () => {
    const client = stage.connect();
    all(client, { [ada]: 5 });
    admit();
    stage.down(here, memberships(1, [[channel, 18]]), attached(20));
    stage.up();
    stage.down(here, member(ada, 20));
    assert.deepEqual(stage.up(), [`${here}: fetch 18 to 20`]);
    assert.equal(client.heard(), "subscribed behind 5, subscribed behind 17, ready 1");
  });

  it("gets a conversation joined meanwhile from the joining on, without another ready", () => {
    const client = ready();
    stage.down(here, notice(6, channel, 20));
    assert.deepEqual(stage.up(), [`${here}: attach, ask ${ada}`]);
    stage.down(here, attached(21));
    stage.up();
    stage.down(here, member(ada, 21));
    assert.deepEqual(stage.up(), [`${here}: fetch 20 to 21`]);
    assert.equal(client.heard(), "6, subscribed behind 19");
  });

  it("is not told that a list or a notice was out of date", () => {
    const client = stage.connect();
    all(client);
    admit();
    stage.down(here, memberships(1, [[channel, 3]]), attached(20), member(ada, 20, false));
    assert.equal(client.heard(), "subscribed behind 5, ready 1");
    stage.down(here, notice(6, channel, 20));
    stage.down(here, member(ada, 21, false));
    stage.down(here, notice(7, channel, 22, false));
    assert.equal(client.heard(), "6, 7");
    assert.equal(client.session!.follows.has(channel), false);
  });

  it("is told what it named itself and may not have", () => {
    const client = stage.connect();
    all(client, { [channel]: 3 });
    admit();
    stage.down(here, memberships(1, [[channel, 3]]), attached(20), member(ada, 20, false));
    assert.equal(client.heard(), "subscribed behind 5, error not_in_channel channel_id, ready 1");
  });

  it("asks once more when an answer may be older than the joining", () => {
    const client = stage.connect();
    all(client, { [channel]: undefined });
    admit();
    stage.down(here, memberships(1, []), attached(20));
    stage.up();
    stage.down(here, notice(6, channel, 21), member(ada, 20, false));
    assert.deepEqual(stage.up(), [`${here}: ask ${ada}`]);
    assert.equal(client.heard(), "subscribed behind 5, 6");
    stage.down(here, delivery(21, { $case: "membersJoined", value: { userIds: [ada] } }), member(ada, 21));
    stage.up();
    assert.equal(client.heard(), "subscribed behind 20, ready 1, 21");
  });

  it("follows again when the notice of a joining comes before the removal before it", () => {
    const client = ready();
    stage.down(here, notice(6, channel, 20), attached(20), member(ada, 20), fetched(20, 20), delivery(21));
    client.heard();
    stage.up();
    stage.down(here, notice(7, channel, 23), delivery(22, left));
    assert.equal(client.heard(), "7, 22, unsubscribed (NOT_A_MEMBER)");
    assert.deepEqual(stage.up(), [`${here}: ask ${ada}`]);
    stage.down(here, ...deliveries(23, 24), member(ada, 24));
    assert.equal(client.heard(), "subscribed behind 22, 23, 24");
  });

  it("stays without what it unsubscribed, until it names it again", () => {
    const client = ready();
    stage.down(here, notice(6, channel, 20), attached(20), member(ada, 20));
    unsubscribe(client, channel, otherChannel);
    client.heard();
    stage.up();
    stage.down(here, notice(7, channel, 25), notice(8, otherChannel, 2));
    all(client, {}, 2);
    stage.down(here, memberships(2, [[channel, 25]]));
    assert.deepEqual(stage.up(), [`${here}: list 2 of ${ada}`]);
    assert.equal(client.heard(), "7, 8, ready 2");
    stage.subscribe(client);
    stage.down(here, member(ada, 25));
    assert.equal(client.heard(), "subscribed behind 20, ready 1");
  });

  it("learns of nothing more once it has unsubscribed its own channel, and is ready all the same", () => {
    const client = stage.connect();
    all(client);
    admit();
    unsubscribe(client, ada);
    assert.equal(client.heard(), "subscribed behind 5, ready 1, unsubscribed (REQUESTED), ready 9");
    stage.connect();
    stage.up();
    stage.down(here, memberships(1, [[channel, 3]]), notice(6, channel, 20));
    assert.deepEqual(stage.up(), []);
  });

  it("asks for the list again after silence, and where the own channel is attached next", () => {
    const client = stage.connect();
    all(client);
    admit();
    stage.pass(2900);
    assert.deepEqual(stage.up(), []);
    stage.pass(400);
    assert.deepEqual(stage.up(), [`${here}: list 2 of ${ada}`]);
    stage.down(here, { alias: 0, item: { $case: "detached", value: { channelId: ada } } });
    stage.owner = { address: there, epoch: 2 };
    stage.pass(400);
    stage.up();
    stage.down(there, attached(5, 2, ada));
    assert.deepEqual(stage.up(), [`${there}: list 3 of ${ada}`]);
    stage.down(there, memberships(2, [[channel, 3]]));
    assert.equal(client.heard(), "subscribed behind 5");
    stage.down(there, memberships(3, []));
    assert.equal(client.heard(), "ready 1");
  });

  it("has a list of its own, read after its own question", () => {
    const [first, second] = [stage.connect(), stage.connect()];
    all(first);
    admit();
    all(second);
    stage.down(here, member(ada, 5, true, ada));
    assert.deepEqual(stage.up(), [`${here}: ask ${ada} of ${ada}, list 2 of ${ada}`]);
    stage.down(here, memberships(1, []));
    assert.deepEqual(
      [first.heard(), second.heard()],
      ["subscribed behind 5, ready 1", "subscribed behind 5"],
    );
  });

  it("is told when there are too many, and has the others", () => {
    const client = stage.connect();
    all(client);
    admit();
    const list = Array.from({ length: subscriptionsMax }, (_, i) => id(i));
    stage.down(
      here,
      memberships(
        1,
        list.map((each) => [each, 2]),
      ),
    );
    assert.equal(client.session!.follows.size, subscriptionsMax);
    assert.equal(client.heard(), "subscribed behind 5, error too_many_subscriptions subscribe.all");
    stage.down(here, notice(6, channel, 20));
    assert.equal(client.heard(), "6, error too_many_subscriptions");
    unsubscribe(client, ...list.slice(0, 3));
    client.heard();
    stage.down(here, notice(7, channel, 20));
    assert.equal(client.session!.follows.has(channel), true);
  });

  it("cannot have more left out than it could follow", () => {
    const client = ready();
    unsubscribe(client, ...Array.from({ length: subscriptionsMax + 1 }, (_, i) => id(i)));
    assert.equal(client.heard(), "error too_many_subscriptions unsubscribe.channel_ids");
  });

  it("leaves nothing behind when it ends", () => {
    const client = stage.connect();
    all(client);
    admit();
    stage.gateway.ended(client.session!, stage.now);
    stage.down(here, memberships(1, [[channel, 3]]), notice(6, channel, 20));
    stage.pass(4000);
    assert.deepEqual(stage.up(), []);
  });
});

function id(number: number): ChannelId {
  return `C${String(number).padStart(12, "0").replace(/^0/, "9")}` as ChannelId;
}
