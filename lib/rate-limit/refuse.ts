import { ConfabError } from "../errors/errors.js";

/** What can be exhausted. */
export type RateLimitName =
  | "user"
  | "token"
  | "channel"
  | "connection_frames"
  | "user_connects"
  | "gateway_connects";

/** Told of every refusal. */
export type OnRefused = (limit: RateLimitName) => void;

const wordings: Readonly<Record<RateLimitName, string>> = {
  user: "this user asks too much",
  token: "too much is asked with this token",
  channel: "too much is posted to this channel",
  connection_frames: "this connection sends too many frames",
  user_connects: "this user connects too often",
  gateway_connects: "too many connect at this gateway",
};

/** The refusal of a request whose tokens will be there in so many ms. */
export function rateLimited(limit: RateLimitName, waitMs: number): ConfabError {
  const retryMs = Math.max(1, Math.ceil(waitMs));
  return new ConfabError("rate_limited", "", `${wordings[limit]}: try again in ${retryMs} ms`, retryMs);
}
