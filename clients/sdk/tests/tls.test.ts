import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalServer, type Ready } from "../../../tools/checks/local-server.js";
import { TlsFront } from "../../../tools/testing/tls-front.js";
import { type Client, connect, type NodeClientOptions } from "../node.js";

describe("a client of a server with a certificate of its own authority", function () {
  this.timeout(60_000);
  const clients: Client[] = [];
  let folder: string;
  let server: LocalServer;
  let front: TlsFront;
  let ready: Ready;
  let url: string;

  const connectWith = (options: Partial<NodeClientOptions>) => {
    const client = connect({ url, token: ready.token, timeoutMs: 10_000, ...options });
    clients.push(client);
    return client;
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "confab-tls-"));
    server = new LocalServer(join(folder, "data"));
    ready = await server.start();
    front = await TlsFront.open(join(folder, "authority"));
    url = (await front.before(ready)).url;
  });
  after(async () => {
    for (const client of clients) await client.close();
    await front?.close();
    await server?.close();
    await rm(folder, { recursive: true });
  });

  it("calls, posts and follows over TLS once it is told the authority", async () => {
    const client = connectWith({ ca: front.ca });
    const { user } = await client.directory.whoAmI();
    assert.ok(user);
    const texts: string[] = [];
    const { promise: came, resolve } = withResolver();
    const subscription = client.subscribe("general", ({ kind }) => {
      if (kind?.$case === "messagePosted") texts.push(kind.value.text);
      if (texts.length === 2) resolve();
    });
    await subscription.ready;
    await Promise.all([client.post("general", "one"), client.post("general", "two")]);
    await came;
    assert.deepEqual(texts, ["one", "two"]);
  });

  it("asks for the authority before each try, and for no other than Node's if that is empty", async () => {
    let ca = front.ca;
    const client = connectWith({ ca: () => ca });
    await client.directory.whoAmI();
    ca = "";
    await assert.rejects(client.directory.whoAmI(), { code: "invalid_argument", field: "ca" });
    ca = front.ca;
    await client.directory.whoAmI();
  });

  it("says at once whose certificate is not trusted, and why", async () => {
    const untrusted = { code: "invalid_argument", field: "ca" };
    const words = new RegExp(`^the certificate of ${url} is not trusted: .*(issuer|self-signed|verify)`);
    const stranger = await TlsFront.open(join(folder, "stranger"));
    for (const options of [{}, { ca: stranger.ca }]) {
      const client = connectWith(options);
      await assert.rejects(client.directory.whoAmI(), { ...untrusted, message: words });
      await assert.rejects(client.post("C000000000000", "x"), untrusted);
      assert.match(String((await client.subscribe("C000000000000").closed)?.message), words);
    }
  });

  it("says so of a socket as well, and of a certificate for another name", async () => {
    const other = await TlsFront.open(join(folder, "authority"), ["elsewhere.test"]);
    const elsewhere = await other.before(ready);
    try {
      const misnamed = connectWith({ ca: front.ca, url: elsewhere.url });
      await assert.rejects(misnamed.directory.whoAmI(), { message: /is not trusted: .+altnames/ });
      const client = connectWith({
        ca: front.ca,
        fetch: async (target, init) => {
          const answer = await fetch(target.replace(url, ready.url), init);
          const text = await answer.text();
          return { status: answer.status, text: async () => text.replace(ready.ws, elsewhere.ws) };
        },
      });
      const error = await client.subscribe("general").closed;
      assert.match(String(error?.message), /certificate of wss:.+ is not trusted: .+altnames/);
    } finally {
      await other.close();
    }
  });
});

function withResolver(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
