import assert from "node:assert/strict";
import { createMethods } from "../../../services/web/methods.js";
import { request } from "../../../tools/checks/server.js";
import { unknownToken } from "../bad-input.js";
import { useMesh } from "../target/use-mesh.js";

/** What each method of the Web API answers to arguments that are wrong; a method without a row fails. */
const rows: Readonly<Record<string, readonly (readonly [args: object, error: string])[]>> = {
  "api.test": [[{ error: { toString: 1 } }, "invalid_arguments"]],
  "auth.test": [],
  "rtm.connect": [],
};
/** Methods that need no token. */
const open = ["api.test"];
/** Bodies that are no arguments. */
const malformed = [
  '{"token":',
  "[1]",
  "\0",
  '"x"',
  "\u00ff\u00fe",
  "[".repeat(100_000),
  '{"a":'.repeat(50_000),
];

describe("the whole Web API refuses what is wrong by name", () => {
  const mesh = useMesh();

  // Only their names are of interest here, so nothing is given that they work with.
  const methods = [...createMethods({} as never).keys()];

  async function errorOf(method: string, token: string, body: string): Promise<string> {
    const headers = {
      "content-type": "application/json",
      ...(token && { authorization: `Bearer ${token}` }),
    };
    const answer = await request(mesh.server, `/api/${method}`, { method: "POST", headers, body });
    const { ok, error } = (await answer.json()) as { ok: boolean; error?: string };
    return ok ? "none" : String(error);
  }

  it("has a row for each method", () => assert.deepEqual(Object.keys(rows).sort(), methods.sort()));

  for (const method of methods) {
    const needsToken = !open.includes(method);

    it(`${method}: tokens`, async () => {
      for (const token of ["", unknownToken, "xoxb-1"]) {
        const error = token ? "invalid_auth" : "not_authed";
        assert.equal(await errorOf(method, token, "{}"), needsToken ? error : "none");
      }
    });

    it(`${method}: bodies that are no arguments`, async () => {
      for (const body of malformed) {
        assert.equal(await errorOf(method, mesh.ada.token, body), "invalid_json", body.slice(0, 20));
      }
    });

    it(`${method}: arguments deep inside others`, async () => {
      const body = `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
      const error = await errorOf(method, mesh.ada.token, body);
      assert.ok(["none", "invalid_arguments", "invalid_json"].includes(error), error);
    });

    for (const [args, error] of rows[method] ?? []) {
      it(`${method} with ${JSON.stringify(args)}: ${error}`, async () => {
        assert.equal(await errorOf(method, mesh.ada.token, JSON.stringify(args)), error);
      });
    }
  }
});
