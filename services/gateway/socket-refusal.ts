import { type ConfabError, errorTable } from "../../lib/errors/errors.js";

/** HTTP statuses of refusals that are not the client's fault, or that a ticket would mend. */
const httpStatuses: Readonly<Record<string, string>> = {
  UNAUTHENTICATED: "401 Unauthorized",
  INTERNAL: "500 Internal Server Error",
  UNAVAILABLE: "503 Service Unavailable",
};

/** How a refused upgrade is answered: the status line's end, and a JSON body. */
export function refusalOf({ code, message }: ConfabError): { status: string; body: string } {
  const status = httpStatuses[errorTable[code].grpc] ?? "400 Bad Request";
  return { status, body: JSON.stringify({ ok: false, error: code, message }) };
}
