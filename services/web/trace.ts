import type { FastifyInstance, FastifyRequest } from "fastify";
import { traceIdKey, traceparentKey } from "../../lib/rpc/trace.js";
import { httpRequest, httpResponse } from "../../lib/tracing/conventions.js";
import type { CallTrace, Tracing } from "../../lib/tracing/tracing.js";

declare module "fastify" {
  interface FastifyRequest {
    /** What is known of its trace; undefined where nobody looked. */
    trace?: CallTrace;
    /** Name of the error by which it failed. */
    failure?: string;
  }
}

/**
 * Gives every request its trace, and a span if it is sampled; the answer names the trace.
 *
 * @param routeOf the request's route, from few: never what callers write
 */
export function traceRequests(
  app: FastifyInstance,
  tracing: Tracing,
  routeOf: (request: FastifyRequest) => string,
): void {
  app.addHook("onRequest", async (request, reply) => {
    const { [traceparentKey]: came } = request.headers;
    const begin = () => ({
      name: `${request.method} ${routeOf(request)}`,
      attributes: httpRequest(request.method, request.protocol),
    });
    const trace = tracing.enter(typeof came === "string" ? came : undefined, begin);
    request.trace = trace;
    reply.header(traceIdKey, trace.traceId);
    const { span } = trace;
    if (!span) return;
    // Comes whether the answer was sent or the caller had gone.
    reply.raw.once("close", () => {
      span.set(httpResponse(routeOf(request), reply.statusCode));
      span.end(request.failure);
    });
  });
}
