import type { ServerOptions } from "node:https";
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import { ConfabError } from "../../lib/errors/errors.js";
import { metricsContentType } from "../../lib/metrics/metrics.js";
import type { CallerLimits } from "../../lib/rate-limit/caller-limits.js";
import type { RpcMeter } from "../../lib/rpc/meter.js";
import type { Identity } from "../../lib/tls/identity.js";
import type { Tracing } from "../../lib/tracing/tracing.js";
import { readRequest } from "./arguments.js";
import { loadContract } from "./contract/methods.js";
import { addContract, type ContractParts, contractRoute } from "./contract/routes.js";
import { describeFailure, nameFailure } from "./failures.js";
import { isLoopbackAddress, makeHostCheck } from "./hosts.js";
import { type Answer, createMethods, type Method, type MethodParts } from "./methods.js";
import { traceRequests } from "./trace.js";

/** Largest body of a request, in bytes: the longest message, with every character escaped, fits. */
const bodyBytesMax = 1024 * 1024;
/** How long a client may take to send a request. */
const requestReceiveMaxMs = 10_000;

/** What the web service works with. */
export interface WebParts extends MethodParts, ContractParts {
  /** Names, besides those of loopback, under which clients may ask. */
  readonly hosts: readonly string[];
  /** Whether calls can be answered. */
  readonly isReady: () => boolean;
  /** Bounds what callers ask; nothing does without. */
  readonly limits?: Pick<CallerLimits, "call">;
  readonly apiMeter?: RpcMeter;
  /** Gives requests their traces; without, they have none. */
  readonly tracing?: Tracing;
  /** What `/metrics` answers, to loopback only; not there without. */
  readonly metrics?: () => Promise<string>;
  /** Of the service: then it speaks TLS, with those who show a certificate of the mesh. */
  readonly identity?: Identity | undefined;
}

/** The HTTP application, not listening. Requests are not logged: their bodies and headers hold tokens. */
export function buildApp(parts: WebParts): FastifyInstance {
  const app = fastify({
    https: tlsOf(parts.identity),
    logger: false,
    bodyLimit: bodyBytesMax,
    requestTimeout: requestReceiveMaxMs,
    // Paths that are no URL, or far too long.
    frameworkErrors: (_error, _request, reply: FastifyReply) =>
      fail(reply, new ConfabError("unknown_method"), 404),
  });
  app.removeContentTypeParser("text/plain");
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  app.setErrorHandler<FastifyError | ConfabError>((error, request, reply) => {
    // A connection that is closed on a body that is still coming takes the answer with it, and a proxy says
    // that the service broke. The rest of the body is read and dropped instead.
    reply.removeHeader("connection");
    return fail(reply, nameFailure(error, parts.log, request.trace));
  });
  app.setNotFoundHandler((_request, reply) => fail(reply, new ConfabError("unknown_method"), 404));
  addHealth(app, parts);
  if (parts.metrics) addMetrics(app, parts.metrics);
  app.register(async (api) => addApi(api, parts));
  app.register(async (contract) => {
    const methods = loadContract();
    if (parts.tracing) traceRequests(contract, parts.tracing, (request) => contractRoute(methods, request));
    guard(contract, parts.hosts);
    addContract(contract, parts, methods);
  });
  return app;
}

function tlsOf(identity: Identity | undefined): ServerOptions | null {
  if (!identity) return null;
  const { authority: ca, certificate: cert, key } = identity;
  return { ca, cert, key, requestCert: true, rejectUnauthorized: true };
}

function fail(reply: FastifyReply, error: ConfabError, httpStatus?: number): FastifyReply {
  const failure = describeFailure(error);
  reply.request.failure = error.code;
  return reply
    .code(httpStatus ?? failure.httpStatus)
    .headers(failure.headers)
    .send(failure.body);
}

/** Asked by machines, under whatever name they use. */
function addHealth(app: FastifyInstance, { isReady }: WebParts): void {
  app.get("/health/live", async () => ({ ok: true }));
  app.get("/health/ready", async (_request, reply) => {
    const ok = isReady();
    return reply.code(ok ? 200 : 503).send({ ok });
  });
}

/** For a collector on the same machine: others are told that there is no such path. */
function addMetrics(app: FastifyInstance, text: () => Promise<string>): void {
  const isLoopbackName = makeHostCheck([]);
  app.get("/metrics", async (request, reply) => {
    const isNear = isLoopbackAddress(request.socket.remoteAddress) && isLoopbackName(request.headers.host);
    if (!isNear) return fail(reply, new ConfabError("unknown_method"), 404);
    return reply.type(metricsContentType).send(await text());
  });
}

/** Answers only under the server's own names, and nothing that may be kept. */
function guard(app: FastifyInstance, hosts: readonly string[]): void {
  const isAllowed = makeHostCheck(hosts);
  app.addHook("onRequest", async (request, reply) => {
    reply.header("cache-control", "no-store");
    if (isAllowed(request.headers.host)) return;
    return fail(reply, new ConfabError("invalid_argument", "host", "this server has not that name"), 421);
  });
}

function addApi(api: FastifyInstance, parts: WebParts): void {
  const methods = createMethods(parts);
  const nameOf = (request: FastifyRequest) => (request.params as { method: string }).method;
  if (parts.tracing) {
    traceRequests(api, parts.tracing, (request) => {
      const name = nameOf(request);
      return methods.has(name) ? `/api/${name}` : "/api/:method";
    });
  }
  guard(api, parts.hosts);
  api.route<{ Params: { method: string } }>({
    method: ["GET", "POST"],
    url: "/api/:method",
    handler: async (request) => {
      const began = performance.now();
      const name = request.params.method;
      const method = methods.get(name);
      if (!method) throw new ConfabError("unknown_method");
      let code = "ok";
      try {
        return { ok: true, ...(await answer(method, request, parts)) };
      } catch (error) {
        code = error instanceof ConfabError ? error.code : "internal";
        throw error;
      } finally {
        parts.apiMeter?.called(name, code, performance.now() - began);
      }
    },
  });
}

async function answer(
  method: Method,
  request: FastifyRequest,
  { authenticator, limits }: WebParts,
): Promise<Answer> {
  const { args, token } = readRequest(request);
  if ("open" in method) return method.open(args);
  const caller = await authenticator.authenticate(token());
  limits?.call(caller, 1);
  return method.forCaller(caller, args);
}
