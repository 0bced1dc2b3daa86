import assert from "node:assert/strict";
import { ada, bob } from "../core/gateway-stage.js";
import { homePage, jsonSubprotocol, TestGateway, testedEngines } from "./test-gateway.js";

for (const engine of testedEngines) {
  describe(`connecting to a gateway, by ${engine}`, () => {
    let gateway: TestGateway;
    beforeEach(async () => {
      gateway = await TestGateway.make(engine);
      await gateway.start();
    });
    afterEach(() => gateway.stop());

    const ticket = `confab.ticket.${ada}`;
    const good = [jsonSubprotocol, ticket];

    const refusals: readonly (readonly [
      what: string,
      offer: readonly string[],
      error: string,
      origin?: string,
    ])[] = [
      ["no subprotocol", [], "400 unknown_subprotocol"],
      ["an unknown subprotocol", ["confab.v2.json", ticket], "400 unknown_subprotocol"],
      ["no ticket", [jsonSubprotocol], "401 invalid_ticket"],
      ["an empty ticket", [jsonSubprotocol, "confab.ticket."], "401 invalid_ticket"],
      ["a forged ticket", [jsonSubprotocol, "confab.ticket.forged"], "401 invalid_ticket"],
      ["a page from elsewhere", good, "400 invalid_argument", "https://evil.example.com"],
      ["a page without an origin of its own", good, "400 invalid_argument", "null"],
    ];
    for (const [what, offer, error, origin] of refusals) {
      it(`is refused with ${what}: ${error}`, async () => {
        assert.equal(await gateway.dial(offer, origin).refusal(), error);
        assert.deepEqual(await gateway.stop(), []);
      });
    }

    it("is refused without a word about why a ticket could not be checked, which is logged", async () => {
      assert.equal(await gateway.dial([jsonSubprotocol, "confab.ticket.broken"]).refusal(), "500 internal");
      assert.equal((await gateway.stop()).length, 1);
    });

    it("succeeds for a page of the server's own, in whichever order it offers", async () => {
      for (const offer of [good, [...good].reverse()]) {
        const socket = gateway.dial(offer, homePage);
        assert.match(await socket.next(), /^\{"hello":/);
        assert.equal(socket.socket.protocol, jsonSubprotocol);
      }
    });

    it("begins with a hello that names the user, the limits and a connection of its own", async () => {
      const hellos = [];
      for (const user of [ada, bob]) {
        const socket = gateway.dial([jsonSubprotocol, `confab.ticket.${user}`]);
        hellos.push(JSON.parse(await socket.next()).hello);
      }
      for (const [i, userId] of [ada, bob].entries()) {
        const { connectionId, ...hello } = hellos[i];
        assert.match(connectionId, /^\w{12}$/);
        assert.deepEqual(hello, {
          ...{ protocol: 1, userId, workspaceId: "W000000000001", heartbeatMs: 24_000 },
          limits: { frameBytesMax: 327_680, subscriptionsMax: 5000, catchUpEventsMax: 1000 },
        });
      }
      assert.notEqual(hellos[0].connectionId, hellos[1].connectionId);
    });

    it("is offered while the gateway does not drain, as a proxy is told", async () => {
      const health = gateway.url.replace("ws:", "http:").replace("/v1/socket", "/health/ready");
      const ask = async () => {
        const answer = await fetch(health);
        return [answer.status, await answer.json()];
      };
      assert.deepEqual(await ask(), [200, { ok: true }]);
      await gateway.drain(0);
      assert.deepEqual(await ask(), [503, { ok: false }]);
    });

    it("needs a WebSocket: other requests get 404", async () => {
      const answer = await fetch(gateway.url.replace("ws:", "http:"));
      assert.equal(answer.status, 404);
      await answer.text();
    });
  });
}
