import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WebSocket } from "ws";
import { ClientFrame, ServerFrame } from "../gen/confab/v1/realtime.js";
import { metricTable } from "../lib/metrics/table.js";
import { type Api, connect, createChannels } from "../tools/checks/api.js";
import { LocalServer, type Ready } from "../tools/checks/local-server.js";
import { openSocket, request } from "../tools/checks/server.js";

type Samples = Record<string, number>;

/** Samples by name, label values in alphabetical order of the labels, without the server: `name a b`. */
async function scrape(ready: Ready): Promise<Samples> {
  const response = await request(ready, "/metrics");
  assert.equal(response.status, 200);
  const samples: Samples = {};
  for (const line of (await response.text()).split("\n")) {
    const [, name, labels = "", value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (!name) continue;
    const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].filter(([, label]) => label !== "server").sort();
    const key = [name, ...pairs.map(([, , text]) => text)].join(" ");
    samples[key] = (samples[key] ?? 0) + Number(value);
  }
  return samples;
}

/** Follows a channel from after a position; resolves with the socket when so many events were received. */
async function follow(ready: Ready, channelId: string, after: { seq: number; id: number }, count: number) {
  const headers = { authorization: `Bearer ${ready.token}` };
  const answer = await request(ready, "/api/rtm.connect", { method: "POST", headers });
  const { url, ticket } = (await answer.json()) as { url: string; ticket: string };
  const socket = openSocket(ready, url, ["confab.v1.json", `confab.ticket.${ticket}`]);
  const channels = [{ channelId, position: after }];
  const subscribe = { requestId: 1, frame: { $case: "subscribe", value: { all: false, channels } } } as const;
  let received = 0;
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("the socket was closed")));
    socket.once("open", () => socket.send(JSON.stringify(ClientFrame.toJSON(subscribe))));
    socket.on("message", (data) => {
      received += ServerFrame.fromJSON(JSON.parse(data.toString())).events.length;
      if (received === count) resolve();
    });
  });
  return socket;
}

describe("the metrics of a running server", () => {
  const folder = mkdtempSync(join(tmpdir(), "confab-metrics-"));
  const server = new LocalServer(folder);
  const sockets: WebSocket[] = [];
  let ready: Ready;
  let api: Api;

  before(async function () {
    this.timeout(30_000);
    ready = await server.start();
    api = connect(ready);
  });
  after(async () => {
    for (const socket of sockets) socket.terminate();
    api?.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function post(channelId: string, count: number): Promise<{ seq: number; id: number }[]> {
    const positions: { seq: number; id: number }[] = [];
    for (let left = count; left > 0; left -= 256) {
      const messages = Array.from({ length: Math.min(left, 256) }, (_, i) => ({
        ...{ text: `${i}`, clientMsgId: "", parentId: 0, broadcast: false },
      }));
      const { results } = await api.messaging.postMessages({ channelId, messages, firstAttempt: true });
      for (const { result } of results) if (result?.$case === "position") positions.push(result.value);
    }
    return positions;
  }

  it("tell where each part of a catch-up came from, and add up", async function () {
    this.timeout(30_000);
    const [channelId = ""] = await createChannels(api, 1);
    const positions = await post(channelId, 900);
    assert.equal(positions.length, 900);
    const before = await scrape(ready);
    const missed = async (from: number, more: number) => {
      const old = await scrape(ready);
      sockets.push(await follow(ready, channelId, positions.at(-from - 1)!, from + more));
      const now = await scrape(ready);
      const rise = (source: string) => {
        const key = `confab_gateway_catch_up_events_total ${source}`;
        return (now[key] ?? Number.NaN) - (old[key] ?? Number.NaN);
      };
      return { ring: rise("ring"), owner: rise("owner"), store: rise("store") };
    };
    // The owner keeps 512 events, and answers 256 at a time: the first 256 and the next are partly older.
    assert.deepEqual(await missed(890, 0), { ring: 0, owner: 378, store: 512 });
    assert.deepEqual(await missed(300, 0), { ring: 0, owner: 300, store: 0 });
    positions.push(...(await post(channelId, 40)));
    assert.deepEqual(await missed(40, 0), { ring: 40, owner: 0, store: 0 });

    const after = await scrape(ready);
    const rise = (key: string) => (after[key] ?? Number.NaN) - (before[key] ?? Number.NaN);
    assert.equal(rise("confab_channel_posts_total"), 40);
    assert.equal(rise("confab_gateway_deliveries_total"), 2 * 40);
    assert.equal(rise("confab_channel_fanout_events_total"), 40);
    assert.equal(rise("confab_channel_append_rows_sum"), 40);
    assert.equal(rise("confab_gateway_connects_total"), 3);
    assert.equal(after.confab_gateway_sessions, 3);
    assert.equal(after["confab_gateway_subscriptions live"], 3);
    assert.equal(after["confab_api_calls_total ok rtm.connect"], 3);
    assert.equal(after["confab_rpc_calls_total ok /confab.v1.Messaging/PostMessages"], 5);
    assert.equal(after.confab_channel_owned_slots, 4096);
    for (const operation of ["append", "confirm"]) {
      assert.ok((after[`confab_channel_store_duration_seconds_count ${operation} ok`] ?? 0) >= 5, operation);
    }
    sockets.pop()?.close(1000);
    for (let closed = 0; closed === 0; )
      closed = (await scrape(ready))["confab_gateway_closes_total 1000"] ?? 0;
  });

  it("are all of the table but those of Cassandra and of traces, and of the table only", async () => {
    const text = await (await request(ready, "/metrics")).text();
    const exposed = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => `${name} ${type}`);
    assert.deepEqual(
      exposed.sort(),
      Object.values(metricTable)
        .filter(({ name }) => !/^confab_(cassandra|tracing)_/.test(name))
        .map(({ name, type }) => `${name} ${type}`)
        .sort(),
    );
  });
});
