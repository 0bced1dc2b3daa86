import type { status } from "@grpc/grpc-js";
import { detailsOf, fromDetails } from "./details.js";
import { ConfabError, type ErrorCode, errorTable } from "./errors.js";

const TYPE_PREFIX = "google.rpc.";

/** HTTP statuses of the codes of the Connect protocol (https://connectrpc.com/docs/protocol/#error-codes). */
const httpStatuses: Record<keyof typeof status, number> = {
  OK: 200,
  CANCELLED: 499,
  UNKNOWN: 500,
  INVALID_ARGUMENT: 400,
  DEADLINE_EXCEEDED: 504,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  PERMISSION_DENIED: 403,
  RESOURCE_EXHAUSTED: 429,
  FAILED_PRECONDITION: 400,
  ABORTED: 409,
  OUT_OF_RANGE: 400,
  UNIMPLEMENTED: 501,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DATA_LOSS: 500,
  UNAUTHENTICATED: 401,
};

/** An error as the unary calls of the Connect protocol answer it. */
export interface ConnectFailure {
  readonly httpStatus: number;
  readonly body: {
    /** For instance `invalid_argument`. */
    readonly code: string;
    readonly message: string;
    readonly details: readonly {
      readonly type: string;
      readonly value: string;
      readonly debug: unknown;
    }[];
  };
}

/** The error as the Connect protocol carries it, with the same details as over gRPC. */
export function toConnectFailure(error: ConfabError): ConnectFailure {
  const { grpc } = errorTable[error.code];
  const details = detailsOf(error).map(({ type, value, plain }) => {
    return { type: TYPE_PREFIX + type, value: toBase64(value), debug: plain };
  });
  // Connect spells it with one l.
  const code = grpc.toLowerCase().replace("cancelled", "canceled");
  return { httpStatus: httpStatuses[grpc], body: { code, message: error.message, details } };
}

/**
 * What a caller makes of an answer that is no success: the error that the server named, else the nearest to
 * the HTTP status, for a proxy on the way answers in its own words.
 */
export function fromConnectFailure(httpStatus: number, text: string): ConfabError {
  return readBody(text) ?? new ConfabError(codeOfHttpStatus(httpStatus), "", `HTTP status ${httpStatus}`);
}

function readBody(text: string): ConfabError | undefined {
  try {
    const body: unknown = JSON.parse(text);
    if (!isObject(body) || !Array.isArray(body.details)) return undefined;
    return fromDetails(String(body.message ?? ""), body.details.map(readDetail));
  } catch {
    return undefined;
  }
}

function readDetail(detail: unknown): { type: string; value: Uint8Array } {
  const { type, value } = isObject(detail) ? detail : {};
  if (typeof type !== "string" || typeof value !== "string") throw new Error("not a detail");
  return { type: type.replace(TYPE_PREFIX, ""), value: fromBase64(value) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function codeOfHttpStatus(httpStatus: number): ErrorCode {
  switch (httpStatus) {
    case 401:
      return "invalid_auth";
    case 404:
    case 501:
      return "unknown_method";
    case 413:
      return "frame_too_large";
    case 408:
    case 504:
      return "deadline_exceeded";
    case 429:
      return "overloaded";
    case 502:
    case 503:
      return "unavailable";
    default:
      return httpStatus >= 400 && httpStatus < 500 ? "invalid_argument" : "internal";
  }
}

/** Without padding, as the protocol wants it. */
function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replace(/=+$/, "");
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
