import assert from "node:assert/strict";
import { fromConnectFailure, toConnectFailure } from "./connect-error.js";
import { ConfabError, type ErrorCode, errorTable } from "./errors.js";

const parts = ({ code, field, message, retryMs }: ConfabError) => [code, field, message, retryMs];

describe("errors over the Connect protocol", () => {
  it("every error of the table comes back as it was", () => {
    for (const code of Object.keys(errorTable)) {
      const error = new ConfabError(code as ErrorCode, "message.text", `grüße 🎉 ${code}`);
      const { httpStatus, body } = toConnectFailure(error);
      assert.ok(httpStatus >= 400 && httpStatus < 600, code);
      assert.deepEqual(parts(fromConnectFailure(httpStatus, JSON.stringify(body))), parts(error));
    }
  });

  it("has the protocol's code and status, and details without padding that people can read", () => {
    const { httpStatus, body } = toConnectFailure(new ConfabError("overloaded", "", "full", 1500));
    assert.deepEqual([httpStatus, body.code, body.message], [429, "resource_exhausted", "full"]);
    assert.deepEqual(
      body.details.map(({ type, debug }) => ({ type, debug })),
      [
        { type: "google.rpc.ErrorInfo", debug: { reason: "overloaded", domain: "confab" } },
        { type: "google.rpc.RetryInfo", debug: { retryDelay: { seconds: 1, nanos: 500_000_000 } } },
      ],
    );
    for (const { value } of body.details) assert.match(value, /^[A-Za-z0-9+/]+$/);
  });

  it("answers of others become the nearest error", () => {
    for (const [httpStatus, text, code] of [
      [502, "<html>Bad Gateway</html>", "unavailable"],
      [503, "", "unavailable"],
      [504, "{}", "deadline_exceeded"],
      [429, '{"details":[7]}', "overloaded"],
      [401, '{"code":"unauthenticated","details":[]}', "invalid_auth"],
      [404, "not here", "unknown_method"],
      [413, '{"details":[{"type":"google.rpc.ErrorInfo","value":"%"}]}', "frame_too_large"],
      [418, "null", "invalid_argument"],
      [500, '{"details":{}}', "internal"],
    ] as const) {
      assert.equal(fromConnectFailure(httpStatus, text).code, code, text);
    }
  });
});
