import type { EventPage } from "../../../gen/confab/mesh/v1/log.js";
import type { Refusal, Result } from "../../../gen/confab/mesh/v1/write.js";
import { ConfabError, type ErrorCode } from "../../../lib/errors/errors.js";
import type { Epoch, Position } from "../../../lib/ids/ids.js";
import type { CommandTrace } from "./tracer.js";

/** Names a stream of a peer, for as long as it lives. */
export type LinkId = number;

/** Who waits for a command's result. */
export interface Asker {
  readonly link: LinkId;
  readonly number: number;
  /** Of a sampled command. */
  readonly trace?: CommandTrace;
}

export type Outcome = NonNullable<Result["outcome"]>;
export type ReadOutcome = { readonly page: EventPage } | { readonly refusal: Refusal };

/** A refusal in the words of the table of errors. */
export function refusal(code: ErrorCode, field = "", ownerEpoch: Epoch = 0): Refusal {
  const { message, retryMs } = new ConfabError(code, field);
  return { code, message, field, retryMs, ownerEpoch };
}

export function refused(code: ErrorCode, field = "", ownerEpoch: Epoch = 0): Outcome {
  return { $case: "refusal", value: refusal(code, field, ownerEpoch) };
}

export function refusedBy({ code, message, field, retryMs }: ConfabError): Outcome {
  return { $case: "refusal", value: { code, message, field, retryMs, ownerEpoch: 0 } };
}

export function placed({ seq, id }: Position): Outcome {
  return { $case: "position", value: { seq, id } };
}
