import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { ClientFrame, type ServerFrame } from "../../gen/confab/v1/realtime.js";
import { metricTable } from "../../lib/metrics/table.js";
import type { ServiceName } from "../../lib/tls/identity.js";
import { freePort } from "../../tools/testing/free-ports.js";
import { sharedCassandra } from "../cassandra.js";
import { needsEtcd } from "../etcd/etcd-stage.js";
import { MeshClient } from "./mesh-client.js";
import { ProgramStage } from "./program-stage.js";
import type { Ready, ServiceProcess } from "./service-process.js";

/** In an order in which each becomes ready without the next ones. */
const services = ["charm", "channel", "admin", "gateway", "web"] as const;

const createdSchema = z.object({ conversation: z.object({ id: z.string() }) });
const connectSchema = z.object({ ok: z.literal(true), url: z.string(), ticket: z.string() });
const postedSchema = z.object({ results: z.array(z.object({ position: z.object({ seq: z.number() }) })) });

describe("the services as programs, with certificates", function () {
  this.timeout(300_000);
  needsEtcd();
  const stage = new ProgramStage(sharedCassandra());
  const processes = new Map<ServiceName, ServiceProcess>();
  const ready = new Map<ServiceName, Ready>();
  let peer: MeshClient;

  before(async () => {
    await stage.start();
    const migration = stage.migrate();
    assert.equal(await migration.ended(), 0, migration.heard.stderr.join("\n"));
    assert.match(migration.heard.stdout.join("\n"), /version \d+ now\nthe first workspace and its user were/);
    for (const service of services) {
      const admins = service === "web" && { CONFAB_ADMIN_ADDRESSES: ready.get("admin")!.address! };
      const process = await stage.service(service, { ...admins });
      processes.set(service, process);
      ready.set(service, await process.ready());
    }
    peer = await MeshClient.of(await stage.files("envoy", "envoy.confab"), stage.token);
  });
  after(async () => {
    peer?.close();
    await stage.close();
  });

  const addressOf = (service: ServiceName) => ready.get(service)!.address!;
  const web = (path: string, body?: object, headers?: Record<string, string>) =>
    peer.http("web", `https://${addressOf("web")}${path}`, body, headers);

  async function createConversation(name: string): Promise<string> {
    const wish = { name, type: "CONVERSATION_TYPE_PUBLIC", topic: "" };
    const { body } = await web("/confab.v1.Directory/CreateConversation", wish);
    return createdSchema.parse(body).conversation.id;
  }

  async function post(channelId: string, text: string, headers?: Record<string, string>): Promise<number> {
    const messages = [{ text, clientMsgId: text }];
    const { body } = await web("/confab.v1.Messaging/PostMessages", { channelId, messages }, headers);
    return postedSchema.parse(body).results[0]!.position.seq;
  }

  it("carry a message that is posted over HTTP to a socket", async () => {
    const channelId = await createConversation("sockets");
    const { url, ticket } = connectSchema.parse((await web("/api/rtm.connect")).body);
    assert.equal(url, `wss://127.0.0.1:${stage.socketPort}/v1/socket`);
    const { frames, send } = peer.socket(url, ticket);
    await until(frames, ({ frame }) => frame?.$case === "hello");
    send({ requestId: 1, subscribe: { channels: [{ channelId }] } });
    await until(frames, ({ frame }) => frame?.$case === "ready");
    const seq = await post(channelId, "by HTTP");
    const { events } = await until(frames, (frame) => frame.events.length > 0);
    assert.deepEqual(
      events.map(({ event }) => [event?.seq, textOf(event)]),
      [[seq, "by HTTP"]],
    );
  });

  it("carry a message, and its trace, that is posted over HTTP to a gRPC stream of the gateway", async () => {
    const channelId = await createConversation("streams");
    const { streamAddress = "" } = ready.get("gateway")!;
    const { frames, send } = peer.stream("gateway", streamAddress);
    await until(frames, ({ frame }) => frame?.$case === "hello");
    send(ClientFrame.fromPartial(subscribeTo(channelId)));
    await until(frames, ({ frame }) => frame?.$case === "ready");
    const traceId = randomBytes(16).toString("hex");
    await post(channelId, "streamed", { traceparent: `00-${traceId}-00f067aa0ba902b7-01` });
    const { events } = await until(frames, (frame) => frame.events.length > 0);
    assert.deepEqual(
      events.map(({ event }) => textOf(event)),
      ["streamed"],
    );
    for (const service of ["web", "admin", "channel", "gateway"] as const) {
      await stage.collector.heard(service, traceId);
    }
  });

  it("say over gRPC and HTTP that they serve, to those with a certificate", async () => {
    assert.equal(await peer.health("admin", addressOf("admin"), "confab.v1.Messaging"), "SERVING");
    assert.equal(await peer.health("channel", addressOf("channel")), "SERVING");
    assert.equal(await peer.health("gateway", ready.get("gateway")!.streamAddress!), "SERVING");
    assert.equal((await web("/health/ready")).status, 200);
    const sockets = await peer.http("gateway", `https://${addressOf("gateway")}/health/ready`);
    assert.deepEqual(sockets, { status: 200, body: { ok: true } });
  });

  it("talk to nobody without a certificate of the mesh, or of another one", async () => {
    const strange = await MeshClient.of(await stage.strangerFiles("envoy.confab"), stage.token);
    try {
      const health = `https://${addressOf("web")}/health/ready`;
      await assert.rejects(strange.http("web", health), /ECONNRESET|alert|socket|certificate/i);
      await assert.rejects(strange.health("admin", addressOf("admin")));
      await assert.rejects(strange.health("channel", addressOf("channel")));
      await assert.rejects(strange.health("gateway", ready.get("gateway")!.streamAddress!));
    } finally {
      strange.close();
    }
  });

  for (const service of services) {
    it(`show ${service} to who observes it`, async () => {
      const { observation } = ready.get(service)!;
      const base = `http://${observation}`;
      assert.deepEqual(await (await fetch(`${base}/health/live`)).json(), { ok: true });
      const answer = await fetch(`${base}/health/ready`);
      assert.deepEqual([answer.status, await answer.json()], [200, { ok: true }]);
      const metrics = await (await fetch(`${base}/metrics`)).text();
      for (const name of [metricTable.residentBytes.name, ownMetrics[service]]) {
        assert.match(metrics, new RegExp(`^${name}[ {]`, "m"), name);
      }
      assert.doesNotMatch(metrics, /server="/);
      assert.equal((await fetch(`${base}/other`)).status, 404);
    });
  }

  it("log in lines of JSON that name the service and the member", () => {
    for (const [service, { heard }] of processes) {
      const member = { charm: "charm-1", channel: "channel-1", gateway: "gateway-1" }[service as string];
      assert(heard.stderr.length > 0, service);
      for (const line of heard.stderr) {
        const { service: named, member: who } = JSON.parse(line);
        assert.deepEqual([named, who], [service, member], line);
      }
    }
  });

  it("drain: a gateway leaves the list, sends its clients away and ends when they have gone", async () => {
    const port = await freePort();
    const gateway = await stage.service("gateway", {
      ...{ CONFAB_MEMBER_ID: "gateway-2", CONFAB_DRAIN_MS: "600000", CONFAB_REGION: "there" },
      ...{ CONFAB_ADDRESS: `127.0.0.1:${port}`, CONFAB_PUBLIC_URL: `wss://127.0.0.1:${port}/v1/socket` },
    });
    const { observation, streamAddress = "" } = await gateway.ready();
    const { frames, close } = peer.stream("gateway", streamAddress);
    await until(frames, ({ frame }) => frame?.$case === "hello");
    gateway.signal("SIGTERM");
    await until(frames, ({ frame }) => frame?.$case === "goAway");
    const answer = await fetch(`http://${observation}/health/ready`);
    assert.deepEqual([answer.status, await answer.json()], [503, { ok: false, reason: "draining" }]);
    const sockets = await peer.http("gateway", `https://127.0.0.1:${port}/health/ready`);
    assert.deepEqual(sockets, { status: 503, body: { ok: false } });
    assert.equal(await peer.health("gateway", streamAddress), "NOT_SERVING");
    close();
    assert.equal(await gateway.ended(), 0);
    assert.deepEqual(await stage.keys("gateways/"), ["gateways/gateway-1"]);
  });

  for (const service of ["admin", "web"] as const) {
    it(`drain: ${service} answers on after it has said that it ends, unless in a hurry`, async () => {
      const process = await stage.service(service, {
        ...{ CONFAB_DRAIN_MS: "600000", CONFAB_ADMIN_ADDRESSES: addressOf("admin") },
      });
      const { observation, address = "" } = await process.ready();
      process.signal("SIGTERM");
      await untilDraining(observation);
      if (service === "admin") assert.equal(await peer.health("admin", address), "NOT_SERVING");
      else assert.equal((await peer.http("web", `https://${address}/health/ready`)).status, 503);
      process.signal("SIGTERM");
      assert.equal(await process.ended(), 0);
    });
  }

  async function untilDraining(observation: string): Promise<void> {
    for (;;) {
      const answer = await fetch(`http://${observation}/health/ready`);
      if ((await answer.text()).includes("draining")) return;
    }
  }

  it("end in order when they are told to, and leave the ring and the list of gateways", async () => {
    const left = await endAll();
    assert.deepEqual(
      [...left],
      services.toReversed().map((service) => [service, 0]),
    );
    assert.deepEqual(await stage.keys("members/"), []);
    assert.deepEqual(await stage.keys("gateways/"), []);
    assert.deepEqual(await stage.keys("leader/"), []);
  });

  /** Exit codes, of the last one started first. */
  async function endAll(): Promise<Map<ServiceName, number | null>> {
    const codes = new Map<ServiceName, number | null>();
    for (const service of services.toReversed()) codes.set(service, await processes.get(service)!.end());
    return codes;
  }
});

/** A metric of each service that is there from its start. */
const ownMetrics: Readonly<Record<ServiceName, string>> = {
  charm: metricTable.charmLeads.name,
  channel: metricTable.ownedSlots.name,
  admin: metricTable.adminPending.name,
  gateway: metricTable.sessions.name,
  web: metricTable.apiCalls.name,
};

function subscribeTo(channelId: string) {
  return { requestId: 1, frame: { $case: "subscribe" as const, value: { channels: [{ channelId }] } } };
}

function textOf(event: ServerFrame["events"][number]["event"]): string | undefined {
  return event?.kind?.$case === "messagePosted" ? event.kind.value.text : undefined;
}

async function until(
  frames: AsyncIterator<ServerFrame>,
  isIt: (frame: ServerFrame) => boolean,
): Promise<ServerFrame> {
  for (;;) {
    const { value, done } = await frames.next();
    if (done) throw new Error("the connection ended");
    if (isIt(value)) return value;
  }
}
