import assert from "node:assert/strict";
import type { Caller } from "../auth/caller.js";
import { ManualClock } from "../clock/manual-clock.js";
import { MemoryCoordinator } from "../coordination/memory-coordinator.js";
import { ConfabError } from "../errors/errors.js";
import type { UserId, WorkspaceId } from "../ids/ids.js";
import { ConnectFlow } from "./connect-flow.js";
import { type Gateway, gatewayEntry } from "./gateways.js";
import { pocketOf } from "./pocket.js";

const userId = "U000000000001" as UserId;
const workspace = (n: number) => `W${String(n).padStart(12, "0")}` as WorkspaceId;
const caller = (n: number): Caller => ({ userId, workspaceId: workspace(n), tokenId: "T1" });
const gateway = (id: string, region = "eu"): Gateway => ({ id, url: `ws://${id}.test/ws`, region });

const ignore = () => {};
const ignoring = { debug: ignore, info: ignore, warn: ignore, error: ignore };

describe("the connect flow", () => {
  let clock: ManualClock;
  let coordinator: MemoryCoordinator;
  let flow: ConnectFlow;
  let warnings: number;
  let draw: number;

  beforeEach(async () => {
    clock = new ManualClock();
    coordinator = new MemoryCoordinator(clock);
    [warnings, draw] = [0, 0];
    const log = { debug: ignore, info: ignore, warn: () => warnings++, error: ignore };
    const issuer = {
      issue: async ({ userId: id }: Caller) => ({ ticket: `ticket of ${id}`, ttlMs: 60_000 }),
    };
    flow = new ConnectFlow(coordinator, issuer, () => draw, log);
    await clock.pass(0);
  });
  afterEach(async () => {
    flow.close();
    flow.close();
    await coordinator.close();
  });

  async function register(...gateways: Gateway[]) {
    const lease = await coordinator.grantLease(5000);
    const put = gateways.map((one) => ({ ...gatewayEntry(one), lease }));
    await coordinator.transact({ put });
    await clock.pass(0);
    return lease;
  }

  it("gives a gateway and a ticket of the caller", async () => {
    await register(gateway("one"));
    assert.deepEqual(await flow.connect(caller(1), "eu"), {
      url: "ws://one.test/ws",
      ticket: `ticket of ${userId}`,
      ticketTtlMs: 60_000,
    });
    assert.equal(flow.isReady(), true);
  });

  it("is unavailable without a gateway, before one registers and after its lease has ended", async () => {
    await assert.rejects(flow.connect(caller(1), "eu"), { code: "unavailable" });
    await register(gateway("one"));
    await flow.connect(caller(1), "eu");
    await clock.pass(10_000);
    await assert.rejects(flow.connect(caller(1), "eu"), { code: "unavailable" });
    assert.equal(flow.isReady(), false);
  });

  it("gives no ticket to those who connect too often", async () => {
    await register(gateway("one"));
    const connect = () => {
      throw new ConfabError("rate_limited");
    };
    const bounded = new ConnectFlow(coordinator, { issue: () => assert.fail() }, () => draw, ignoring, {
      connect,
    });
    await clock.pass(0);
    await assert.rejects(bounded.connect(caller(1), "eu"), { code: "rate_limited" });
    bounded.close();
  });

  it("stays in the region, and goes elsewhere only where that has none", async () => {
    await register(gateway("one", "eu"), gateway("two", "us"));
    for (let n = 0; n < 50; n++) {
      assert.equal((await flow.connect(caller(n), "us")).url, "ws://two.test/ws");
      assert.equal((await flow.connect(caller(n), "eu")).url, "ws://one.test/ws");
    }
    const anywhere = new Set<string>();
    for (const at of [0, 0.99]) {
      draw = at;
      anywhere.add((await flow.connect(caller(1), "mars")).url);
    }
    assert.equal(anywhere.size, 2);
  });

  it("uses two gateways for a workspace and spreads workspaces over all", async () => {
    const ids = ["a", "b", "c", "d", "e", "f"];
    await register(...ids.map((id) => gateway(id)));
    const used = new Map<string, number>();
    for (let n = 0; n < 300; n++) {
      const ofWorkspace = new Set<string>();
      for (draw = 0; draw < 1; draw += 0.2) ofWorkspace.add((await flow.connect(caller(n), "eu")).url);
      assert.equal(ofWorkspace.size, 2);
      for (const url of ofWorkspace) used.set(url, (used.get(url) ?? 0) + 1);
    }
    assert.equal(used.size, ids.length);
    for (const [url, count] of used) assert.ok(count > 60 && count < 140, `${url}: ${count} of 600`);
  });

  it("names one of two pockets of the workspace where gateways share a URL", async () => {
    const url = "wss://chat.test/v1/socket";
    const shared = ["a", "b", "c"].map((id) => ({ id, url, region: "eu" }));
    await register(...shared, gateway("alone", "us"));
    const urls = new Set<string>();
    for (draw = 0; draw < 1; draw += 0.1) urls.add((await flow.connect(caller(1), "eu")).url);
    assert.deepEqual([...urls], [`${url}?pocket=${workspace(1)}-0`, `${url}?pocket=${workspace(1)}-1`]);
    draw = 0;
    assert.equal((await flow.connect(caller(1), "us")).url, "ws://alone.test/ws");
  });

  it("names a pocket beside what the URL says already", async () => {
    await register(...["a", "b"].map((id) => ({ id, url: "wss://chat.test/?x=1", region: "eu" })));
    const { url } = await flow.connect(caller(1), "eu");
    assert.equal(url, `wss://chat.test/?x=1&pocket=${workspace(1)}-0`);
  });

  it("moves only the workspaces of a gateway that goes", () => {
    const all = ["a", "b", "c", "d"].map((id) => gateway(id));
    for (let n = 0; n < 200; n++) {
      const before = pocketOf(workspace(n), all, 2);
      const after = pocketOf(workspace(n), all.slice(1), 2);
      const stayed = before.filter(({ id }) => id !== "a");
      assert.deepEqual(
        after.filter((one) => stayed.includes(one)),
        stayed,
      );
    }
  });

  it("passes over entries that it cannot read", async () => {
    for (const value of ["{", "{}", '{"url":"http://x","region":"eu"}']) {
      await coordinator.transact({ put: [{ key: "gateways/bad", value }] });
      await clock.pass(0);
    }
    assert.equal(warnings, 3);
    await assert.rejects(flow.connect(caller(1), "eu"), { code: "unavailable" });
  });

  it("is not told of gateways that could not be reached", async () => {
    assert.throws(() => gatewayEntry({ id: "x", url: "nowhere", region: "" }));
  });
});
