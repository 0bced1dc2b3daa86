import assert from "node:assert/strict";
import { Client, credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import { service as healthService } from "grpc-health-check";
import type { CommandFrame, ResultFrame } from "../../../gen/confab/mesh/v1/write.js";
import { clientCredentials, peerOptions } from "../../tls/credentials.js";
import type { Identity } from "../../tls/identity.js";
import { frameOf, recorder } from "../link-recorder.js";
import type { Listener } from "../links.js";
import { streamMethods } from "../mesh-methods.js";
import { LinksLab, TestAuthority } from "./links-lab.js";

const request = {
  channelId: "C0123456789AB",
  epoch: 7,
  reader: "U0123456789AB",
  minSeq: 0,
  question: undefined,
};

describe("links between services with certificates", () => {
  const lab = new LinksLab();
  let authority: TestAuthority;
  let foreign: TestAuthority;
  let channel: Identity;
  let listener: Listener;
  let server: ReturnType<typeof recorder<CommandFrame>>;

  before(async () => {
    [authority, foreign] = await Promise.all([TestAuthority.open(), TestAuthority.open()]);
    channel = await authority.identity("channel.confab");
  });
  after(() => Promise.all([authority.close(), foreign.close()]));
  beforeEach(async () => {
    server = recorder();
    listener = await lab.listen(lab.links({}, channel), {
      accept_commands: () => server.end,
      answer_ask: async () => ({ outcome: undefined }),
    });
  });
  afterEach(() => lab.close());

  /** Sends a frame as somebody, and why the link closed. */
  async function closedFor(identity: Identity | undefined): Promise<string> {
    const client = recorder<ResultFrame>();
    lab.links({}, identity).open(listener.address, "commands", client.end).send(frameOf(1));
    const reason = await client.closed;
    assert.equal(server.frames.length, 0);
    return reason;
  }

  for (const name of ["admin", "gateway", "channel", "charm"]) {
    it(`let ${name} in`, async () => {
      const client = recorder<ResultFrame>();
      const links = lab.links({}, await authority.identity(`${name}.confab`));
      links.open(listener.address, "commands", client.end).send(frameOf(1));
      await server.until(1);
      await links.call(listener.address, "ask", request, 5000);
    });
  }

  for (const name of ["web.confab", "envoy.confab", "channel.confab.example", "sub.channel.confab"]) {
    it(`refuse ${name}, streams and calls`, async () => {
      const identity = await authority.identity(name);
      assert.match(await closedFor(identity), /certificate's name/);
      const call = lab.links({}, identity).call(listener.address, "ask", request, 5000);
      await assert.rejects(call, /certificate's name/);
      assert.ok(lab.complaints.includes("a stranger was refused"));
    });
  }

  it("refuse who speaks no TLS", async () => {
    await closedFor(undefined);
  });

  it("refuse a certificate of another authority", async () => {
    const { certificate, key } = await foreign.identity("channel.confab");
    await closedFor({ authority: channel.authority, certificate, key });
  });

  it("refuse who shows no certificate", async () => {
    const nameless = credentials.createSsl(channel.authority);
    const client = new Client(listener.address, nameless, peerOptions(channel, "channel"));
    const { path, requestSerialize: same } = streamMethods.commands;
    const stream = client.makeBidiStreamRequest(path, same, same, new Metadata());
    const error = await new Promise<ServiceError>((resolve) => stream.on("error", resolve));
    assert.equal(error.code, 14);
    client.close();
  });

  it("do not talk to a server of another authority", async () => {
    const { certificate, key } = channel;
    const { authority: otherAuthority } = await foreign.identity("channel.confab");
    assert.match(await closedFor({ authority: otherAuthority, certificate, key }), /certificate/);
  });

  it("do not talk to another service than a channel server", async () => {
    const gateway = await authority.identity("gateway.confab");
    listener = await lab.listen(lab.links({}, gateway), { accept_commands: () => server.end });
    assert.match(await closedFor(channel), /altnames|certificate/);
  });

  it("tell their health to every certificate of the mesh", async () => {
    const envoy = await authority.identity("envoy.confab");
    const client = new Client(listener.address, clientCredentials(envoy), peerOptions(envoy, "channel"));
    const { path, requestSerialize, responseDeserialize } = healthService.Check!;
    const status = await new Promise((resolve, reject) => {
      client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        { service: "" },
        (error, answer) => (error ? reject(error) : resolve(answer)),
      );
    });
    assert.deepEqual(status, { status: "SERVING" });
    client.close();
  });
});
