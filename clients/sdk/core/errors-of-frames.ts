import type { Problem } from "../../../gen/json/confab/v1/messaging.js";
import { ConfabError, errorTable, isErrorCode } from "../../../lib/errors/errors.js";

/** From this close code on, connecting again is of no use. */
const finalCodesFrom = 4500;
const applicationCodesTo = 4999;
const frameTooLarge = 4500;

/** The error that a server's problem names. */
export function errorOfProblem(problem: Problem | undefined): ConfabError {
  const { code = "", field, message, retryMs = 0 } = problem ?? {};
  return new ConfabError(isErrorCode(code) ? code : "internal", field, message || undefined, retryMs);
}

/** Why a gateway has ended a socket; `unavailable` where connecting again is right. */
export function errorOfClose(code: number, reason: string): ConfabError {
  const wording = `the connection was ended (${code}${reason && `: ${reason}`})`;
  if (code < finalCodesFrom || code > applicationCodesTo) return new ConfabError("unavailable", "", wording);
  return new ConfabError(code === frameTooLarge ? "frame_too_large" : "connection_ended", "", wording);
}

/** Whether no other try can help. What broke inside a server may be mended; a refused token is not. */
export function isFinal({ code }: ConfabError): boolean {
  return !errorTable[code].retry && code !== "internal";
}
