import type { MembershipChanged } from "../../gen/confab/v1/types.js";
import { ConfabError, type ErrorCode } from "../../lib/errors/errors.js";
import type { UserId } from "../../lib/ids/ids.js";
import type { Owners } from "../../lib/owners/owners.js";

/** How long one attempt to reach the owner of a user's channel is given, in ms. */
const attemptMs = 10_000;
/** Refusals that no further attempt would change. */
const final: ReadonlySet<ErrorCode> = new Set(["invalid_id", "invalid_argument"]);

/** Has a notice written on a user's own channel; whether there is nothing left to do about it. */
export async function tellUser(
  owners: Pick<Owners, "command">,
  user: UserId,
  notice: MembershipChanged,
  now: number,
): Promise<boolean> {
  const options = { firstAttempt: false, deadlineMs: now + attemptMs };
  const action = { $case: "notice", value: notice } as const;
  const [outcome] = await owners.command(user, user, [action], options);
  return !(outcome instanceof ConfabError) || final.has(outcome.code);
}
