import type { Problem } from "../../../gen/confab/v1/messaging.js";
import { UnsubscribedReason } from "../../../gen/confab/v1/realtime.js";
import { ConfabError, isErrorCode } from "../../../lib/errors/errors.js";

/** The error that a gateway told. */
export function problemOf(problem: Problem | undefined): ConfabError {
  const { code = "", field = "", message = "", retryMs } = problem ?? {};
  return new ConfabError(isErrorCode(code) ? code : "internal", field, message || undefined, retryMs);
}

/** Why a channel is not followed any more. */
export function leaveReason(title: string, reason: UnsubscribedReason): ConfabError {
  if (reason === UnsubscribedReason.UNSUBSCRIBED_REASON_DELETED) {
    return new ConfabError("channel_not_found", "", `${title} was deleted`);
  }
  return new ConfabError("not_in_channel", "", `you are no longer a member of ${title}`);
}
