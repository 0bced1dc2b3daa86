import { request as httpsRequest } from "node:https";
import { Metadata } from "@grpc/grpc-js";
import { fromGrpcError } from "../../../lib/errors/grpc-error.js";
import { openGrpc, request, type Server } from "../server.js";
import { knock } from "./knock.js";
import type { Refusal } from "./refusal.js";
import type { Witness } from "./witness.js";

/** More than all headers of a request may have together. */
const headerBytes = 20_000;
const whoAmI = "/confab.v1.Directory/WhoAmI";
const connectMethod = "/confab.v1.Realtime/Connect";

/** One thing that clients may not do: resolves with how it was refused, or undefined if it was not. */
export interface EdgeCase {
  readonly name: string;
  run(): Promise<string | undefined>;
}

/** Runs cases one after the other, and sees who refuses each. */
export async function* observed(cases: readonly EdgeCase[], witness: Witness): AsyncGenerator<Refusal> {
  for (const { name, run } of cases) {
    let code: string | undefined;
    const answerer = await witness.answerer(async () => {
      code = await run();
    });
    yield { case: name, refusedBy: code === undefined ? "nobody" : answerer, code: code ?? "none" };
  }
}

/** What is wrong with the request as such, whoever sends it. */
export function requestCases(server: Server): EdgeCase[] {
  const { grpc: address } = server;
  return [
    { name: "plain text at the TLS port", run: () => knock({ address, protocol: "http/1.1" }) },
    { name: "an oversized header of HTTP/1.1", run: () => sendLargeHeader(server) },
    { name: "an oversized header of gRPC", run: () => callOnce(server, whoAmI, { "x-large": large }) },
  ];
}

const large = "x".repeat(headerBytes);

function sendLargeHeader({ url, ca, token }: Server): Promise<string | undefined> {
  const headers = { authorization: `Bearer ${token}`, "x-large": large };
  return new Promise((resolve) => {
    const asked = httpsRequest(new URL("/api/auth.test", url), { method: "POST", headers, ca }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200 ? undefined : String(answer.statusCode));
    });
    asked.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    asked.end();
  });
}

/** Asks for more tickets than one user may have, by either way; `burst` are let through. */
export function ticketCases(server: Server, burst: number): EdgeCase[] {
  const headers = { authorization: `Bearer ${server.token}` };
  const overHttp = async () => {
    const answer = await request(server, "/api/rtm.connect", { method: "POST", headers });
    const { error } = (await answer.json()) as { error?: string };
    return answer.status === 200 ? undefined : `${answer.status} ${error}`;
  };
  return [
    { name: "too many connects over HTTP", run: () => untilRefused(burst, overHttp) },
    {
      name: "too many connects over gRPC",
      run: () => untilRefused(burst * 2, () => callOnce(server, connectMethod, {})),
    },
  ];
}

/** Does it once more often than is allowed, unless it is refused before. */
export async function untilRefused(
  allowed: number,
  attempt: () => Promise<string | undefined>,
): Promise<string | undefined> {
  for (let tries = 0; tries <= allowed; tries++) {
    const refused = await attempt();
    if (refused !== undefined) return refused;
  }
  return undefined;
}

/** Calls a method with an empty request; resolves with the name of the error. */
function callOnce(
  server: Server,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const client = openGrpc(server);
  const metadata = new Metadata();
  metadata.set("authorization", `Bearer ${server.token}`);
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  const same = (bytes: Buffer) => bytes;
  return new Promise<string | undefined>((resolve) => {
    client.makeUnaryRequest(path, same, same, Buffer.alloc(0), metadata, (failure) =>
      resolve(failure ? fromGrpcError(failure).code : undefined),
    );
  }).finally(() => client.close());
}
