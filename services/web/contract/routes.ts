import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Authenticator } from "../../../lib/auth/authenticator.js";
import { parseBearer } from "../../../lib/auth/bearer.js";
import { toConnectFailure } from "../../../lib/errors/connect-error.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import type { Log } from "../../../lib/log/log.js";
import type { Forwarder } from "../../../lib/rpc/forwarder.js";
import { deadlineDefaultMs, deadlineMaxMs } from "../../../lib/rpc/limits.js";
import { nameFailure } from "../failures.js";
import { type ContractMethod, loadContract } from "./methods.js";

/** Largest request as JSON, in bytes: the largest encoded one, and as much again for what escapes it. */
const bodyBytesMax = 16 * 1024 * 1024;

/** What calls of the contract are answered with. */
export interface ContractParts {
  readonly authenticator: Pick<Authenticator, "authenticate">;
  /** Reaches the admin service. */
  readonly admin: Pick<Forwarder, "call">;
  readonly log: Log;
}

/**
 * Offers the unary methods of the contract as JSON over HTTP, as the Connect protocol has it
 * (https://connectrpc.com/docs/protocol/#unary-request): `POST /confab.v1.Messaging/PostMessage`.
 */
export function addContract(
  app: FastifyInstance,
  parts: ContractParts,
  methods: ReadonlyMap<string, ContractMethod> = loadContract(),
): void {
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) => {
    try {
      done(null, JSON.parse(utf8.decode(Buffer.from(body))));
    } catch {
      done(new ConfabError("invalid_json"));
    }
  });
  app.setErrorHandler<FastifyError | ConfabError>((error, request, reply) => {
    return fail(reply, nameFailure(error, parts.log, request.trace));
  });
  app.route<{ Params: { service: string; method: string } }>({
    method: "POST",
    url: "/:service/:method",
    bodyLimit: bodyBytesMax,
    // Before the body is read, so that what strangers send costs nothing.
    onRequest: async (request) => {
      findMethod(methods, request);
      readTimeout(request);
      refuseCompression(request);
      await parts.authenticator.authenticate(parseBearer(request.headers.authorization));
    },
    handler: (request, reply) => forward(findMethod(methods, request), request, reply, parts),
  });
}

async function forward(
  method: ContractMethod,
  request: FastifyRequest,
  reply: FastifyReply,
  { admin }: ContractParts,
): Promise<FastifyReply> {
  const abort = new AbortController();
  reply.raw.once("close", () => abort.abort());
  const response = await admin.call({
    path: method.path,
    request: method.encode(request.body),
    authorization: request.headers.authorization ?? "",
    timeoutMs: readTimeout(request),
    signal: abort.signal,
    trace: request.trace,
  });
  return reply.send(method.decode(response));
}

/** The route of a request: its method's path if there is such a method. */
export function contractRoute(
  methods: ReadonlyMap<string, ContractMethod>,
  { params }: FastifyRequest,
): string {
  const { service, method } = params as { service: string; method: string };
  return methods.get(`/${service}/${method}`)?.path ?? "/:service/:method";
}

function findMethod(methods: ReadonlyMap<string, ContractMethod>, request: FastifyRequest): ContractMethod {
  const { service, method: name } = request.params as { service: string; method: string };
  const method = methods.get(`/${service}/${name}`);
  if (!method) throw new ConfabError("unknown_method");
  if (!method.isStream) return method;
  const wording = `${method.path} is a stream: open a WebSocket, or call it by gRPC`;
  throw new ConfabError("unknown_method", "", wording);
}

/** How long the caller waits, in ms: `connect-timeout-ms`, never more than the longest. */
function readTimeout({ headers }: FastifyRequest): number {
  const { "connect-timeout-ms": header } = headers;
  if (header === undefined) return deadlineDefaultMs;
  if (typeof header !== "string" || !/^[0-9]{1,10}$/.test(header)) {
    throw new ConfabError("invalid_argument", "connect-timeout-ms");
  }
  return Math.min(Number(header), deadlineMaxMs);
}

function refuseCompression({ headers }: FastifyRequest): void {
  const { "content-encoding": encoding = "identity" } = headers;
  if (encoding === "identity") return;
  throw new ConfabError("invalid_argument", "content-encoding", "requests are not taken compressed");
}

function fail(reply: FastifyReply, error: ConfabError): FastifyReply {
  const { httpStatus, body } = toConnectFailure(error);
  reply.request.failure = error.code;
  if (error.code === "overloaded") reply.header("retry-after", Math.max(1, Math.ceil(error.retryMs / 1000)));
  return reply.code(httpStatus).send(body);
}
