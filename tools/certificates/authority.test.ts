import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer, type TLSSocket } from "node:tls";
import { type CertificateFiles, DevelopmentAuthority } from "./authority.js";

describe("the development authority", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "confab-authority-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("makes certificates that both sides of a connection believe, and no stranger's", async () => {
    const authority = await DevelopmentAuthority.open(folder);
    const again = await DevelopmentAuthority.open(folder);
    const stranger = await DevelopmentAuthority.open(join(folder, "other"));
    const server = await authority.issue("server", ["server.test", "127.0.0.1"]);
    const client = await again.issue("client", ["client.test"]);
    const ca = await readFile(authority.file);
    const shake = async (shown: CertificateFiles, servername: string) => {
      const listener = createServer({ ca, ...(await pair(server)), requestCert: true }, (socket) =>
        socket.end("let in"),
      );
      await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
      const { port } = listener.address() as { port: number };
      const socket = connect({ port, host: "127.0.0.1", servername, ca, ...(await pair(shown)) });
      return outcome(socket).finally(() => listener.close());
    };
    assert.equal(await shake(client, "server.test"), "let in");
    assert.match(await shake(client, "else.test"), /altnames/);
    assert.match(
      await shake(await stranger.issue("client", ["client.test"]), "server.test"),
      /closed|reset|ca/i,
    );
  });

  it("lets nobody else read its keys", async () => {
    const authority = await DevelopmentAuthority.open(folder);
    const { key } = await authority.issue("secret", ["127.0.0.1"]);
    for (const file of [key, join(folder, "authority-key.pem")])
      assert.equal((await stat(file)).mode & 0o077, 0);
  });
});

async function pair({ certificate, key }: CertificateFiles) {
  return { cert: await readFile(certificate), key: await readFile(key) };
}

function outcome(socket: TLSSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.on("data", (data) => resolve(String(data)));
    socket.on("error", (error) => resolve(error.message));
    socket.on("close", () => resolve("closed"));
  });
}
