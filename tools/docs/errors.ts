import { errorTable } from "../../lib/errors/errors.js";
import { closeCodes } from "../../services/gateway/close-codes.js";
import { code, type Page, page, table } from "./page.js";

/** All errors and close codes. */
export function errorsPage(): Page {
  const errors = Object.entries(errorTable).map(([name, { grpc, slack, wording, retry }]) => [
    code(name),
    code(grpc),
    code(slack),
    retry ? "yes" : "no",
    wording.replace("{field}", "(the field)"),
  ]);
  const closes = Object.entries(closeCodes).map(([name, { code: number, reason }]) => [
    code(String(number)),
    code(name),
    number < 4500 ? "yes" : "no",
    reason,
  ]);
  return page("docs/errors.md", "Errors", "`lib/errors/errors.ts` and `services/gateway/close-codes.ts`", [
    [
      "Over gRPC an error is `google.rpc.Status` with `ErrorInfo` (reason: the name, domain `confab`),",
      "`BadRequest` where a field is at fault and `RetryInfo` where waiting helps. On a socket it is an",
      "`error` frame with a `problem` (`code`, `field`, `message`, `retryMs`). The Web API answers HTTP 200",
      "with Slack's name, and 429 with `Retry-After` in whole seconds for `ratelimited`. What is refused",
      "changes nothing.",
    ].join("\n"),
    table(["name", "gRPC status", "in the Web API", "retry helps", "meaning"], errors),
    "## Close codes",
    [
      "A gateway ends a connection with one of these. Codes from 4000 to 4499 mean that the client should",
      "connect again, those from 4500 that it should not.",
    ].join("\n"),
    table(["code", "name", "connect again", "meaning"], closes),
  ]);
}
