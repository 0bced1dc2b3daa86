import assert from "node:assert/strict";
import { ServerFrame } from "../../gen/confab/v1/realtime.js";
import { ManualClock } from "../../lib/clock/manual-clock.js";
import { MemoryCoordinator } from "../../lib/coordination/memory-coordinator.js";
import { ConfabError } from "../../lib/errors/errors.js";
import type { UserId, WorkspaceId } from "../../lib/ids/ids.js";
import { MemoryLinks } from "../../lib/links/memory-links.js";
import { Metrics } from "../../lib/metrics/metrics.js";
import { FakeOwners } from "../../lib/owners/tests/fake-owners.js";
import { CallerLimits } from "../../lib/rate-limit/caller-limits.js";
import { GatewayServer } from "./server.js";
import type { SocketDoor, SocketEnd } from "./sockets.js";

const workspaceId = "W000000000001" as WorkspaceId;
const userRate = { perSecond: 10, burst: 3 };
const off = { perSecond: 0, burst: 1 };

describe("the rate limits of a gateway", () => {
  const clock = new ManualClock();
  let metrics: Metrics;
  let gateway: GatewayServer;
  let coordinator: MemoryCoordinator;
  let door: SocketDoor;

  async function start(
    rates: Partial<ConstructorParameters<typeof GatewayServer>[0]["rates"]>,
  ): Promise<void> {
    const ignore = () => {};
    coordinator = new MemoryCoordinator(clock);
    metrics = new Metrics();
    const sockets = {
      listen: async (_address: string, open: SocketDoor) => {
        door = open;
        return 1;
      },
      publish: ignore,
      close: ignore,
    };
    const caller = (userId: string) => ({ userId: userId as UserId, workspaceId, tokenId: "T1" });
    gateway = new GatewayServer({
      ...{ clock, random: Math.random, links: new MemoryLinks(clock), coordinator, sockets, metrics },
      tickets: { verify: async (ticket) => ({ id: ticket, caller: caller(ticket), expiresMs: 0 }) },
      allowedOrigins: [],
      owners: new FakeOwners(),
      callerLimits: new CallerLimits({ user: userRate, token: off, userConnects: off }, clock),
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
      rates: { connectionFrames: off, userConnects: off, gatewayConnects: off, ...rates },
    });
    const listening = gateway.listen("gateway:1");
    await clock.pass(0);
    await listening;
  }
  afterEach(async () => {
    await gateway.close();
    await coordinator.close();
  });

  const offer = (user: string) =>
    door({ subprotocols: ["confab.v1.json", `confab.ticket.${user}`], origin: undefined, host: "gateway" });

  async function connect(user: string): Promise<{ end: SocketEnd; frames: ServerFrame["frame"][] }> {
    const welcome = await offer(user);
    assert.ok(!(welcome instanceof ConfabError));
    const frames: ServerFrame["frame"][] = [];
    const send = (frame: string | Uint8Array) =>
      void frames.push(ServerFrame.fromJSON(JSON.parse(String(frame))).frame);
    const manual = { format: welcome.format, canJoin: false, bufferedBytes: () => 0 };
    const end = welcome.opened({ ...manual, send, join: () => {}, leave: () => {}, close: () => {} });
    frames.length = 0;
    return { end, frames };
  }

  it("answer a frame too many by an error that names it and the wait, and do nothing for it", async () => {
    await start({ connectionFrames: { perSecond: 10, burst: 3 } });
    const { end, frames } = await connect("U000000000001");
    for (let requestId = 1; requestId <= 5; requestId++)
      end.received(JSON.stringify({ requestId, ping: {} }));
    const told = frames.map((frame) => [
      frame?.$case,
      frame && "requestId" in frame.value && frame.value.requestId,
    ]);
    assert.deepEqual(told, [
      ["pong", 1],
      ["pong", 2],
      ["pong", 3],
      ["error", 4],
      ["error", 5],
    ]);
    const refusal = frames[3];
    assert.ok(refusal?.$case === "error");
    assert.deepEqual([refusal.value.problem?.code, refusal.value.problem?.retryMs], ["rate_limited", 100]);
    const other = await connect("U000000000001");
    other.end.received('{"ping":{}}');
    assert.equal(other.frames[0]?.$case, "pong");
    clock.advance(100);
    end.received('{"requestId":6,"ping":{}}');
    assert.equal(frames.at(-1)?.$case, "pong");
    assert.match(await metrics.text(), /confab_rate_limited_total\{limit="connection_frames"\} 2\n/);
  });

  it("take what a user posts from the tokens of the user, over all connections", async () => {
    await start({});
    const [one, two] = [await connect("U000000000001"), await connect("U000000000001")];
    const other = await connect("U000000000002");
    const post = (requestId: number) =>
      JSON.stringify({ requestId, post: { channelId: "C000000000001", message: { text: "hi" } } });
    for (const requestId of [1, 2, 3]) {
      one.end.received(post(requestId));
      two.end.received(post(requestId));
    }
    other.end.received(post(1));
    await clock.pass(0);
    const told = [one, two, other].map(({ frames }) => frames.map(problemOf));
    const missing = ["channel_not_found", 0];
    const refused = ["rate_limited", 100];
    assert.deepEqual(told, [[refused, missing, missing], [refused, refused, missing], [missing]]);
  });

  it("count frames that are none too", async () => {
    await start({ connectionFrames: { perSecond: 10, burst: 2 } });
    const { end, frames } = await connect("U000000000001");
    for (let i = 0; i < 3; i++) end.received("{");
    const codes = frames.map((frame) => frame?.$case === "error" && frame.value.problem?.code);
    assert.deepEqual(codes, ["invalid_json", "invalid_json", "rate_limited"]);
  });

  it("let one user in so often, at no cost to others", async () => {
    await start({ userConnects: { perSecond: 1, burst: 2 }, gatewayConnects: { perSecond: 1, burst: 4 } });
    for (let i = 0; i < 2; i++) await connect("U000000000001");
    for (let i = 0; i < 9; i++) {
      const refusal = await offer("U000000000001");
      assert.ok(refusal instanceof ConfabError);
      assert.deepEqual([refusal.code, refusal.retryMs], ["rate_limited", 1000]);
    }
    for (let i = 0; i < 2; i++) await connect("U000000000002");
    assert.match(await metrics.text(), /confab_rate_limited_total\{limit="user_connects"\} 9\n/);
  });

  it("let so many in altogether", async () => {
    await start({ gatewayConnects: { perSecond: 2, burst: 2 } });
    await connect("U000000000001");
    await connect("U000000000002");
    const refusal = await offer("U000000000003");
    assert.ok(refusal instanceof ConfabError);
    assert.deepEqual([refusal.code, refusal.retryMs], ["rate_limited", 500]);
    clock.advance(500);
    await connect("U000000000003");
    assert.match(await metrics.text(), /confab_gateway_sessions 3\n/);
  });
});

function problemOf(frame: ServerFrame["frame"]): [string | undefined, number | undefined] {
  const problem = frame?.$case === "error" ? frame.value.problem : undefined;
  return [problem?.code, problem?.retryMs];
}
