import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { type AddressInfo, createServer as createPlain, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTls } from "node:tls";
import { DevelopmentAuthority } from "../../certificates/authority.js";
import { knock } from "./knock.js";

describe("knocking at a port", () => {
  let folder: string;
  let ca: string;
  let pair: { cert: string; key: string };
  const servers: Server[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "confab-knock-"));
    const authority = await DevelopmentAuthority.open(folder);
    const { certificate, key } = await authority.issue("server", ["127.0.0.1"]);
    ca = await readFile(authority.file, "utf8");
    pair = { cert: await readFile(certificate, "utf8"), key: await readFile(key, "utf8") };
  });
  after(async () => {
    for (const server of servers) server.close();
    await rm(folder, { recursive: true });
  });

  async function listen(server: Server): Promise<string> {
    servers.push(server);
    server.on("connection", (socket) => socket.on("error", () => {}));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const secured = (requestCert: boolean) =>
    createTls({ ...pair, ca, requestCert, rejectUnauthorized: requestCert }, (socket) => {
      socket.on("error", () => {}).on("data", () => socket.end("hello"));
    }).on("tlsClientError", () => {});

  it("tells that it was let in, with TLS and without", async () => {
    const plain = await listen(createPlain((socket) => void socket.on("data", () => socket.end("hello"))));
    assert.equal(await knock({ address: plain, protocol: "http/1.1" }), undefined);
    const open = await listen(secured(false));
    assert.equal(await knock({ address: open, protocol: "http/1.1", tls: { ca } }), undefined);
    const demanding = await listen(secured(true));
    assert.equal(await knock({ address: demanding, protocol: "http/1.1", tls: { ca, ...pair } }), undefined);
  });

  it("tells how it was turned away", async () => {
    const demanding = await listen(secured(true));
    const bare = await knock({ address: demanding, protocol: "h2", tls: { ca } });
    assert.match(String(bare), /CERTIFICATE_REQUIRED|closed|ECONNRESET/);
    const plain = await knock({ address: demanding, protocol: "http/1.1" });
    assert.match(String(plain), /closed|ECONNRESET|TLS alert/);
    const nowhere = await listen(createPlain());
    servers.pop()!.close();
    assert.equal(await knock({ address: nowhere, protocol: "h2", tls: { ca } }), "ECONNREFUSED");
  });
});
