import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, request } from "undici";
import { ManualClock } from "../../lib/clock/manual-clock.js";
import { ConfabError } from "../../lib/errors/errors.js";
import { type Identity, readIdentity } from "../../lib/tls/identity.js";
import { DevelopmentAuthority } from "../../tools/certificates/authority.js";
import { createWeb, type Web } from "./server.js";

const ignore = () => {};
const refuse = async () => {
  throw new ConfabError("unavailable");
};

describe("the web service with TLS", () => {
  let folder: string;
  let web: Web;
  let peer: Identity;
  let url: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "confab-web-"));
    const authority = await DevelopmentAuthority.open(folder);
    const read = async (title: string, name: string) => {
      const tls = { authority: authority.file, ...(await authority.issue(title, [name])) };
      return (await readIdentity({ tls }))!;
    };
    peer = await read("envoy", "envoy.confab");
    web = createWeb({
      ...{
        clock: new ManualClock(),
        authenticator: { authenticate: refuse },
        connectFlow: { connect: refuse },
      },
      ...{ admin: { call: refuse }, directory: { findUser: refuse, findWorkspace: refuse } },
      ...{ log: { debug: ignore, info: ignore, warn: ignore, error: ignore }, region: "", hosts: [] },
      ...{ isReady: () => true, identity: await read("web", "web.confab") },
    });
    url = `https://127.0.0.1:${await web.listen("127.0.0.1:0")}/health/ready`;
  });
  after(async () => {
    await web.close();
    await rm(folder, { recursive: true });
  });

  async function status(connect: object): Promise<number> {
    const agent = new Agent({ connect: { servername: "web.confab", ca: peer.authority, ...connect } });
    try {
      const answer = await request(url, { dispatcher: agent });
      await answer.body.text();
      return answer.statusCode;
    } finally {
      await agent.destroy();
    }
  }

  it("answers those who show a certificate of the mesh, under its own name", async () => {
    const { certificate: cert, key } = peer;
    assert.equal(await status({ cert, key }), 200);
    await assert.rejects(status({ cert, key, servername: "admin.confab" }), /altnames/);
  });

  it("answers nobody else", async () => {
    await assert.rejects(status({}));
  });
});
