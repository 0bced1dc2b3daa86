import { type ConfabError, errorTable } from "../../lib/errors/errors.js";

/** HTTP statuses of refusals that are not the client's fault, or that a ticket or a wait would mend. */
const httpStatuses: Readonly<Record<string, string>> = {
  UNAUTHENTICATED: "401 Unauthorized",
  RESOURCE_EXHAUSTED: "429 Too Many Requests",
  INTERNAL: "500 Internal Server Error",
  UNAVAILABLE: "503 Service Unavailable",
};

/** How a refused upgrade is answered. */
export interface Refusal {
  /** The end of the status line. */
  readonly status: string;
  /** Value of the header `Retry-After`, in seconds; undefined where waiting does not help. */
  readonly retryAfter: string | undefined;
  /** JSON. */
  readonly body: string;
}

export function refusalOf({ code, message, retryMs }: ConfabError): Refusal {
  const status = httpStatuses[errorTable[code].grpc] ?? "400 Bad Request";
  const retryAfter = retryMs > 0 ? String(Math.ceil(retryMs / 1000)) : undefined;
  return { status, retryAfter, body: JSON.stringify({ ok: false, error: code, message }) };
}

/** How a proxy is answered that asks whether sockets are let in. */
export function healthOf(isOpen: boolean): Pick<Refusal, "status" | "body"> {
  return { status: isOpen ? "200 OK" : "503 Service Unavailable", body: JSON.stringify({ ok: isOpen }) };
}
