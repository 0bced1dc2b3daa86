import {
  EtcdAuthenticationFailedError,
  EtcdInvalidAuthTokenError,
  EtcdLeaseInvalidError,
  EtcdPermissionDeniedError,
  GRPCDeadlineExceededError,
  GRPCInvalidArgumentError,
} from "etcd3";
import { ConfabError } from "../../errors/errors.js";
import { LeaseLost } from "../coordinator.js";

/**
 * What callers of a coordinator are told of a failure of etcd's client: `LeaseLost`, `invalid_argument`,
 * `deadline_exceeded`, else `unavailable` with etcd's words.
 */
export function failureOf(error: unknown): Error {
  if (error instanceof ConfabError || error instanceof LeaseLost) return error;
  const words = wordsOf(error);
  if (error instanceof EtcdLeaseInvalidError) return new LeaseLost(words);
  if (error instanceof GRPCInvalidArgumentError) return new ConfabError("invalid_argument", "", words);
  if (error instanceof GRPCDeadlineExceededError) {
    return new ConfabError("deadline_exceeded", "", "etcd did not answer in time");
  }
  return new ConfabError(
    "unavailable",
    "",
    isRefusal(error) ? `etcd refuses us: ${words}` : `etcd: ${words}`,
  );
}

/** Whether etcd answered and another member would answer the same. */
export function isFinal(error: unknown): boolean {
  return (
    error instanceof EtcdLeaseInvalidError || error instanceof GRPCInvalidArgumentError || isRefusal(error)
  );
}

/**
 * Whether it is certain that the call never left: the gRPC library had no connection for it. These are the
 * words of its load balancer when all addresses failed.
 */
export function wasNeverSent(error: unknown): boolean {
  return error instanceof Error && error.message.includes("No connection established");
}

function isRefusal(error: unknown): boolean {
  return (
    error instanceof EtcdAuthenticationFailedError ||
    error instanceof EtcdInvalidAuthTokenError ||
    error instanceof EtcdPermissionDeniedError
  );
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^\w+: (\d+ )?/, "") : String(error);
}
