import assert from "node:assert/strict";
import { parseServerUrl } from "./server-url.js";

describe("the URL of a server", () => {
  it("is taken without what does not matter at its end", () => {
    assert.equal(parseServerUrl("https://chat.example.com/"), "https://chat.example.com");
    assert.equal(parseServerUrl("https://example.com:8443/chat//"), "https://example.com:8443/chat");
  });

  it("may be without encryption on this machine, elsewhere only if that is asked for", () => {
    for (const host of ["localhost:8065", "127.0.0.1", "127.1", "[::1]:80", "chat.localhost"]) {
      assert.match(parseServerUrl(`http://${host}`), /^http:/, host);
    }
    for (const host of [
      "chat.example.com",
      "10.0.0.1",
      "[::2]",
      "localhost.example.com",
      "127.0.0.1.nip.io",
    ]) {
      const refused = { code: "invalid_argument", field: "url", message: /--insecure/ };
      assert.throws(() => parseServerUrl(`http://${host}`), refused, host);
      assert.match(parseServerUrl(`http://${host}`, { insecure: true }), /^http:/);
    }
  });

  it("is nothing else, and what may be secret in it is not repeated", () => {
    for (const text of ["", "chat", "ftp://chat.example.com", "localhost:8065", "https://"]) {
      assert.throws(() => parseServerUrl(text), { code: "invalid_argument", message: /https:\/\// }, text);
    }
    for (const text of [
      "https://me:secret@a.example.com",
      "https://a.example.com/?secret",
      "https://a.b/#secret",
    ]) {
      assert.throws(() => parseServerUrl(text), /^ConfabError: the server's URL must [^:]+$/, text);
    }
    assert.throws(
      () => parseServerUrl("https://me:secret@a.example.com"),
      (error: Error) => {
        return !error.message.includes("secret");
      },
    );
  });
});
