import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DevelopmentAuthority } from "../../tools/certificates/authority.js";
import { systemClock } from "../clock/system-clock.js";
import type { Identity } from "../tls/identity.js";
import { GrpcLinks } from "./grpc-links.js";
import { linksSuite } from "./links-suite.js";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

function open(identity: Identity | undefined) {
  const links = new GrpcLinks({ clock: systemClock, identity, log: silent });
  return { links, address: "127.0.0.1:0", close: () => links.close() };
}

linksSuite("over gRPC in plain text", () => open(undefined));

describe("links with certificates", () => {
  let folder: string;
  let identity: Identity;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "confab-links-"));
    const authority = await DevelopmentAuthority.open(folder);
    const { certificate, key } = await authority.issue("channel", ["channel.confab"]);
    const [signer, own, secret] = await Promise.all(
      [authority.file, certificate, key].map((file) => readFile(file)),
    );
    identity = { authority: signer!, certificate: own!, key: secret! };
  });
  after(() => rm(folder, { recursive: true }));

  linksSuite("over gRPC with mutual TLS", () => open(identity));
});
