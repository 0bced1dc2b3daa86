import type { FastifyError } from "fastify";
import { ConfabError, errorTable } from "../../lib/errors/errors.js";
import type { Log } from "../../lib/log/log.js";
import { type CallTrace, traceFields } from "../../lib/tracing/tracing.js";

/** An answer to a request that failed. */
export interface Failure {
  /** Slack's: 200, but 429 where the caller has to slow down. */
  readonly httpStatus: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** Shapes an error as Slack does, with its wording in `response_metadata`. */
export function describeFailure(error: ConfabError): Failure {
  const body = {
    ok: false,
    error: errorTable[error.code].slack,
    response_metadata: { messages: [`[ERROR] ${error.message}`] },
  };
  if (errorTable[error.code].slack !== "ratelimited") return { httpStatus: 200, headers: {}, body };
  const seconds = Math.max(1, Math.ceil(error.retryMs / 1000));
  return { httpStatus: 429, headers: { "retry-after": String(seconds) }, body };
}

/**
 * What went wrong while a request was taken in or answered; what nobody expected is logged and stays inside.
 */
export function nameFailure(error: FastifyError | ConfabError, log: Log, trace?: CallTrace): ConfabError {
  if (error instanceof ConfabError) return error;
  if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    return new ConfabError("frame_too_large", "", "the body is larger than the limit");
  }
  if (error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    const wording = "the content type must be application/json or application/x-www-form-urlencoded";
    return new ConfabError("invalid_argument", "content-type", wording);
  }
  if (error instanceof SyntaxError || error.code?.includes("JSON_BODY"))
    return new ConfabError("invalid_json");
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return new ConfabError("invalid_argument", "", "the request is not valid HTTP");
  }
  log.error({ err: error, ...traceFields(trace) }, "a request broke");
  return new ConfabError("internal");
}
