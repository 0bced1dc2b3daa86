import { z } from "zod";
import { ConfabError } from "../../../lib/errors/errors.js";
import type { FoundServer } from "../server/find-server.js";

/** How long the call may take, in milliseconds. */
const callMsMax = 10_000;

const answerSchema = z.union([
  z.object({ ok: z.literal(true), url: z.string(), ticket: z.string() }),
  z.object({
    ok: z.literal(false),
    error: z.string(),
    response_metadata: z.object({ messages: z.array(z.string()) }).optional(),
  }),
]);

/** Slack's names of failures after which another call may succeed. */
const passing = new Set(["ratelimited", "service_unavailable", "request_timeout", "internal_error"]);

/** A gateway's URL and a ticket for one socket. @throws ConfabError that tells whether to try again */
export async function rtmConnect(
  { url, token }: Pick<FoundServer, "url" | "token">,
  stop: AbortSignal,
): Promise<{ url: string; ticket: string }> {
  const answer = answerSchema.safeParse(await fetchAnswer(`${url}/api/rtm.connect`, token, stop));
  if (!answer.success) throw new ConfabError("unavailable", "", `${url} does not answer as a Confab server`);
  if (answer.data.ok) return answer.data;
  const { error, response_metadata } = answer.data;
  const wording = response_metadata?.messages[0]?.replace(/^\[ERROR\] /, "") ?? error;
  if (passing.has(error)) throw new ConfabError("unavailable", "", wording);
  throw new ConfabError(error === "invalid_auth" ? "invalid_auth" : "internal", "", wording);
}

async function fetchAnswer(url: string, token: string, stop: AbortSignal): Promise<unknown> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(callMsMax)]);
  const headers = { authorization: `Bearer ${token}` };
  try {
    const response = await fetch(url, { method: "POST", headers, signal });
    return await response.json();
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new ConfabError("unavailable", "", `${url}: ${cause instanceof Error ? cause.message : cause}`);
  }
}
