import assert from "node:assert/strict";
import { once } from "node:events";
import type { Down } from "../../../gen/confab/mesh/v1/attach.js";
import { ada, bob, channel, deliveries, delivery, fetched, member, typing } from "../core/gateway-stage.js";
import { TestGateway, testedEngines } from "./test-gateway.js";
import type { TestSocket } from "./test-socket.js";

const left = (...userIds: string[]) => ({ $case: "membersLeft", value: { userIds } }) as const;

for (const engine of testedEngines) {
  describe(`events that many sockets get by a topic, by ${engine}`, () => {
    let gateway: TestGateway;
    beforeEach(async () => {
      gateway = await TestGateway.make(engine);
      await gateway.start();
    });
    afterEach(async () => assert.deepEqual(await gateway.stop(), []));

    async function followers(count: number, userId: typeof ada): Promise<TestSocket[]> {
      return Promise.all(Array.from({ length: count }, () => gateway.follow(userId)));
    }

    /**
     * What a socket got up to an event, and then before the answer to a ping: events' numbers, frames' names.
     */
    async function heard(socket: TestSocket, last?: number): Promise<string> {
      const words: (string | number)[] = [];
      let asked = false;
      for (;;) {
        if (!asked && words.at(-1) === last) {
          asked = true;
          socket.send('{"ping":{}}');
        }
        const { events = [], ...frame } = JSON.parse(await socket.next());
        words.push(...events.map((one: { event: { seq: number } }) => one.event.seq), ...Object.keys(frame));
        if (words.at(-1) === "pong") return words.slice(0, -1).join(" ");
      }
    }

    /** What each got of what is delivered in one turn, of which the first gets all. */
    async function heardAfter(sockets: readonly TestSocket[], items: readonly Down[]): Promise<string[]> {
      gateway.deliver(...items);
      const last = items.at(-1)?.item;
      const [first, ...others] = sockets;
      const all = await heard(first!, last?.$case === "delivery" ? last.value.seq : undefined);
      return [all, ...(await Promise.all(others.map((socket) => heard(socket))))];
    }

    it("come to all, in order, also among what is sent to each", async () => {
      const sockets = [...(await followers(8, ada)), ...(await followers(1, bob))];
      const items = [delivery(4), typing(ada, 4), delivery(5), typing(ada, 5), delivery(6)];
      const all = await heardAfter(sockets, items);
      assert.deepEqual(all, [...Array(8).fill("4 5 6"), "4 typing 5 typing 6"]);
    });

    it("come to leavers up to their leaving, with the topic given up in the same turn", async () => {
      const sockets = [...(await followers(3, ada)), ...(await followers(5, bob))];
      const items = [...deliveries(4, 5), delivery(6, left(bob)), ...deliveries(7, 9)];
      const all = await heardAfter(sockets, items);
      assert.deepEqual(all, [...Array(3).fill("4 5 6 7 8 9"), ...Array(5).fill("4 5 6 unsubscribed")]);
    });

    it("come to those who catch up behind what they missed, joined in the same turn", async () => {
      const sockets = await followers(9, ada);
      const late = await gateway.connect(bob);
      gateway.newest = 5;
      gateway.deliver(...deliveries(4, 5));
      late.send(
        JSON.stringify({ subscribe: { channels: [{ channelId: channel, position: { seq: 1, id: 1001 } }] } }),
      );
      assert.match(await late.next(), /^\{"subscribed"/);
      const all = await heardAfter([...sockets, late], [delivery(6), fetched(2, 5), delivery(7)]);
      assert.deepEqual(all, [...Array(9).fill("4 5 6 7"), "ready 2 3 4 5 6 7"]);
    });

    it("reach whoever goes over from by-hand to the topic in one turn", async () => {
      const sockets = await followers(7, ada);
      const eighth = await gateway.connect(bob);
      gateway.answersAsks = false;
      eighth.send(
        JSON.stringify({ subscribe: { channels: [{ channelId: channel, position: { seq: 3, id: 1003 } }] } }),
      );
      await once(gateway.happened, "ask");
      const all = await heardAfter(
        [...sockets, eighth],
        [...deliveries(4, 5), member(bob, 5), ...deliveries(6, 7)],
      );
      assert.deepEqual(all, [...Array(7).fill("4 5 6 7"), "subscribed ready 4 5 6 7"]);
    });
  });
}
