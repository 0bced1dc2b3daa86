import { BadRequest, ErrorInfo, RetryInfo } from "../../gen/google/rpc/error_details.js";
import { ConfabError, isErrorCode } from "./errors.js";

/** Domain of all `ErrorInfo`s of Confab. */
const DOMAIN = "confab";

/** One detail of an error: an encoded message of the package `google.rpc`. */
export interface ErrorDetail {
  /** Name of its type without the package, for instance `ErrorInfo`. */
  readonly type: string;
  readonly value: Uint8Array;
  /** The same as plain JSON, for people to read. */
  readonly plain: unknown;
}

/**
 * The details of an error: its code travels as the `reason` of an `ErrorInfo`, its field in a `BadRequest`,
 * the time to wait in a `RetryInfo` (https://google.aip.dev/193).
 */
export function detailsOf(error: ConfabError): ErrorDetail[] {
  const details = [detail("ErrorInfo", ErrorInfo, { reason: error.code, domain: DOMAIN, metadata: {} })];
  if (error.field) {
    const fieldViolations = [{ field: error.field, description: error.message }];
    details.push(detail("BadRequest", BadRequest, { fieldViolations }));
  }
  if (error.retryMs > 0) {
    const seconds = Math.floor(error.retryMs / 1000);
    const nanos = Math.round((error.retryMs - seconds * 1000) * 1e6);
    details.push(detail("RetryInfo", RetryInfo, { retryDelay: { seconds, nanos } }));
  }
  return details;
}

interface DetailType<Message> {
  encode(message: Message): { finish(): Uint8Array };
  toJSON(message: Message): unknown;
}

function detail<Message>(type: string, codec: DetailType<Message>, message: Message): ErrorDetail {
  return { type, value: codec.encode(message).finish(), plain: codec.toJSON(message) };
}

/** The error that details name, or undefined if they are not of Confab or not known here. */
export function fromDetails(
  message: string,
  details: readonly Pick<ErrorDetail, "type" | "value">[],
): ConfabError | undefined {
  const find = (type: string) => details.find((one) => one.type === type)?.value ?? new Uint8Array();
  try {
    const info = ErrorInfo.decode(find("ErrorInfo"));
    if (info.domain !== DOMAIN || !isErrorCode(info.reason)) return undefined;
    const [violation] = BadRequest.decode(find("BadRequest")).fieldViolations;
    const { seconds, nanos } = RetryInfo.decode(find("RetryInfo")).retryDelay ?? { seconds: 0, nanos: 0 };
    return new ConfabError(info.reason, violation?.field ?? "", message, seconds * 1000 + nanos / 1e6);
  } catch {
    return undefined;
  }
}
