import type { Identity } from "../../tls/identity.js";
import { linksSuite } from "../links-suite.js";
import { LinksLab, TestAuthority } from "./links-lab.js";

function open(identity?: Identity) {
  const links = new LinksLab().links({}, identity);
  return { links, address: "127.0.0.1:0", close: () => links.close() };
}

linksSuite("over gRPC in plain text", () => open());

describe("links with certificates", () => {
  let authority: TestAuthority;
  let identity: Identity;

  before(async () => {
    authority = await TestAuthority.open();
    identity = await authority.identity("channel.confab");
  });
  after(() => authority.close());

  linksSuite("over gRPC with mutual TLS", () => open(identity));
});
