import { z } from "zod";
import { request as httpRequest } from "../../tools/checks/server.js";
import { type BadInput, loneSurrogate, unknownToken } from "./bad-input.js";

const failureSchema = z.object({
  ok: z.literal(false),
  error: z.string(),
  response_metadata: z.object({ messages: z.array(z.string()).length(1) }),
});

interface Request {
  readonly token?: string;
  readonly body?: string;
  readonly type?: string;
}

const bad = (what: string, method: string, error: string, request: Request = {}): BadInput => ({
  what: `${what}, over HTTP`,
  error,
  send: async ({ mesh }) => {
    const { token, body, type = "application/json" } = request;
    const answer = await httpRequest(mesh.server, `/api/${method}`, {
      method: "POST",
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": type }),
      },
      ...(body !== undefined && { body }),
    });
    return failureSchema.parse(await answer.json()).error;
  },
});

/** What the Web API must refuse; its names of errors are Slack's. */
export const badInputHttp: readonly BadInput[] = [
  bad("an unknown method", "no.such", "unknown_method"),
  bad("no token", "auth.test", "not_authed"),
  bad("no token to connect with", "rtm.connect", "not_authed"),
  bad("an unknown token", "auth.test", "invalid_auth", { token: unknownToken }),
  bad("an unknown token to connect with", "rtm.connect", "invalid_auth", { token: unknownToken }),
  bad("what is no token", "auth.test", "invalid_auth", { token: "xoxb-1" }),
  bad("a token with a NUL", "auth.test", "invalid_auth", { body: '{"token":"\\u0000"}' }),
  bad("a token with a lone surrogate", "auth.test", "invalid_auth", { body: `{"token":"${loneSurrogate}"}` }),
  bad("a token that is no text", "auth.test", "not_authed", { body: '{"token":{"toString":1}}' }),
  bad("a token in the query string", `auth.test?token=${unknownToken}`, "invalid_arguments"),
  bad("malformed JSON", "auth.test", "invalid_json", { body: '{"token":' }),
  bad("JSON that is no object", "auth.test", "invalid_json", { body: "[1]" }),
  bad("an argument that is no text", "api.test", "invalid_arguments", { body: '{"error":{"toString":1}}' }),
  bad("another type of content", "auth.test", "invalid_arguments", { body: "x", type: "text/plain" }),
  bad("a body over the limit", "auth.test", "invalid_arguments", { body: `"${"x".repeat(1024 * 1024)}"` }),
];
