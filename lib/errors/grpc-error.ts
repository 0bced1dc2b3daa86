import { Metadata, type StatusObject, status } from "@grpc/grpc-js";
import { Status } from "../../gen/google/rpc/status.js";
import { detailsOf, fromDetails } from "./details.js";
import { ConfabError, type ErrorCode, errorTable } from "./errors.js";

/** Trailer that holds an encoded `google.rpc.Status` (https://google.aip.dev/193). */
const DETAILS_KEY = "grpc-status-details-bin";
const TYPE_PREFIX = "type.googleapis.com/google.rpc.";

/** The error as gRPC carries it, with its details. */
export function toGrpcStatus(error: ConfabError): StatusObject {
  const code = status[errorTable[error.code].grpc];
  const metadata = new Metadata();
  const details = detailsOf(error).map(({ type, value }) => ({
    typeUrl: TYPE_PREFIX + type,
    value: Buffer.from(value),
  }));
  const encoded = Status.encode({ code, message: error.message, details }).finish();
  metadata.set(DETAILS_KEY, Buffer.from(encoded));
  return { code, details: error.message, metadata };
}

/**
 * What a caller makes of a failed call: the error that the server named, else the nearest to the bare status.
 */
export function fromGrpcError(error: unknown): ConfabError {
  if (error instanceof ConfabError) return error;
  if (!isGrpcStatus(error)) return new ConfabError("internal", "", String(error));
  return readDetails(error) ?? fromBareStatus(error);
}

function isGrpcStatus(error: unknown): error is StatusObject {
  if (typeof error !== "object" || error === null || !("code" in error) || !("metadata" in error))
    return false;
  return typeof error.code === "number" && error.metadata instanceof Metadata;
}

function readDetails(error: StatusObject): ConfabError | undefined {
  const [encoded] = error.metadata.get(DETAILS_KEY);
  if (!(encoded instanceof Buffer)) return undefined;
  try {
    const { message, details } = Status.decode(encoded);
    const named = details.map(({ typeUrl, value }) => ({ type: typeUrl.replace(TYPE_PREFIX, ""), value }));
    return fromDetails(message, named);
  } catch {
    return undefined;
  }
}

/** Statuses that come from gRPC itself or from a proxy on the way, not from Confab. */
const bareStatuses: Partial<Record<status, ErrorCode>> = {
  [status.CANCELLED]: "deadline_exceeded",
  [status.DEADLINE_EXCEEDED]: "deadline_exceeded",
  [status.UNAVAILABLE]: "unavailable",
  [status.UNAUTHENTICATED]: "invalid_auth",
  [status.UNIMPLEMENTED]: "unknown_method",
  [status.RESOURCE_EXHAUSTED]: "overloaded",
};

function fromBareStatus(error: StatusObject): ConfabError {
  return new ConfabError(bareStatuses[error.code] ?? "internal", "", error.details || undefined);
}
