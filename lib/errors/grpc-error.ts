import { Metadata, type StatusObject, status } from "@grpc/grpc-js";
import type { Any } from "../../gen/google/protobuf/any.js";
import { BadRequest, ErrorInfo, RetryInfo } from "../../gen/google/rpc/error_details.js";
import { Status } from "../../gen/google/rpc/status.js";
import { ConfabError, type ErrorCode, errorTable, isErrorCode } from "./errors.js";

/** Trailer that holds an encoded `google.rpc.Status` (https://google.aip.dev/193). */
const DETAILS_KEY = "grpc-status-details-bin";
/** Domain of all `ErrorInfo`s of Confab. */
const DOMAIN = "confab";
const TYPE_PREFIX = "type.googleapis.com/google.rpc.";

/**
 * The error as gRPC carries it: its code travels as the `reason` of an `ErrorInfo`, its field in a
 * `BadRequest`, the time to wait in a `RetryInfo`.
 */
export function toGrpcStatus(error: ConfabError): StatusObject {
  const code = status[errorTable[error.code].grpc];
  const metadata = new Metadata();
  const details = detailsOf(error);
  const encoded = Status.encode({ code, message: error.message, details }).finish();
  metadata.set(DETAILS_KEY, Buffer.from(encoded));
  return { code, details: error.message, metadata };
}

function detailsOf(error: ConfabError): Any[] {
  const details = [
    pack("ErrorInfo", ErrorInfo.encode({ reason: error.code, domain: DOMAIN, metadata: {} }).finish()),
  ];
  if (error.field) {
    const fieldViolations = [{ field: error.field, description: error.message }];
    details.push(pack("BadRequest", BadRequest.encode({ fieldViolations }).finish()));
  }
  if (error.retryMs > 0) {
    const seconds = Math.floor(error.retryMs / 1000);
    const nanos = Math.round((error.retryMs - seconds * 1000) * 1e6);
    details.push(pack("RetryInfo", RetryInfo.encode({ retryDelay: { seconds, nanos } }).finish()));
  }
  return details;
}

function pack(type: string, encoded: Uint8Array): Any {
  return { typeUrl: TYPE_PREFIX + type, value: Buffer.from(encoded) };
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
    const find = (type: string) => details.find((any) => any.typeUrl === TYPE_PREFIX + type)?.value;
    const info = ErrorInfo.decode(find("ErrorInfo") ?? Buffer.alloc(0));
    if (info.domain !== DOMAIN || !isErrorCode(info.reason)) return undefined;
    const [violation] = BadRequest.decode(find("BadRequest") ?? Buffer.alloc(0)).fieldViolations;
    const { seconds, nanos } = RetryInfo.decode(find("RetryInfo") ?? Buffer.alloc(0)).retryDelay ?? {
      seconds: 0,
      nanos: 0,
    };
    return new ConfabError(info.reason, violation?.field ?? "", message, seconds * 1000 + nanos / 1e6);
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
