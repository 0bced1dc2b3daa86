import assert from "node:assert/strict";
import { ConfabError } from "../errors/errors.js";
import { parseBearer } from "./bearer.js";
import { hashToken, isTokenShaped, makeToken } from "./token.js";

describe("tokens", () => {
  it("are never the same twice and have the shape that is looked up", () => {
    const tokens = new Set(Array.from({ length: 100 }, makeToken));
    assert.equal(tokens.size, 100);
    for (const token of tokens) assert.ok(isTokenShaped(token), token);
  });

  it("of any other shape are told apart", () => {
    const token = makeToken();
    for (const text of ["", "confab_", token.slice(1), `${token}x`, `${token}\n`, token.toUpperCase()]) {
      assert.equal(isTokenShaped(text), false, JSON.stringify(text));
    }
  });

  it("are hashed by SHA-256", () => {
    const expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert.equal(hashToken("abc"), expected);
  });

  it("come out of an authorization header", () => {
    assert.equal(parseBearer("Bearer abc"), "abc");
    assert.equal(parseBearer("bearer  abc "), "abc");
  });

  it("that are missing or of another scheme are told apart", () => {
    const code = (header: string | undefined) => {
      try {
        return parseBearer(header);
      } catch (error) {
        return error instanceof ConfabError && error.code;
      }
    };
    assert.equal(code(undefined), "not_authed");
    assert.equal(code(""), "not_authed");
    for (const header of ["abc", "Basic abc", "Bearer", "Bearer ", "Bearer a b"]) {
      assert.equal(code(header), "invalid_auth", header);
    }
  });
});
