import type { Command } from "../../gen/confab/mesh/v1/write.js";
import { ConfabError } from "../errors/errors.js";
import type { ChannelId, Position } from "../ids/ids.js";
import type { CallContext } from "../rpc/implement.js";
import type { Owners } from "./owners.js";

/** Who asks an owner, and until when. */
export type CallerDeadline = Pick<CallContext, "caller" | "deadlineMs" | "trace">;

/** How long a call waits for what it changed to show in lists, in ms. */
const settledMsMax = 1000;

/** The place of a command that was done. Throws the `ConfabError` of one that was refused. */
export function done(outcome: Position | ConfabError | undefined): Position {
  if (!outcome) throw new Error("an owner gave fewer outcomes than commands");
  if (outcome instanceof ConfabError) throw outcome;
  return outcome;
}

/** One command that has not been sent before, in the caller's name. */
export async function command(
  owners: Owners,
  channel: ChannelId,
  action: NonNullable<Command["action"]>,
  { caller, deadlineMs, trace }: CallerDeadline,
): Promise<Position> {
  const options = { firstAttempt: true, deadlineMs, trace };
  const [outcome] = await owners.command(channel, caller.userId, [action], options);
  return done(outcome);
}

/**
 * Waits a little until lists beside the channel's log show what happened in it up to a place, so that callers
 * see there what they did. It has been done in any case.
 */
export async function settled(
  owners: Owners,
  channel: ChannelId,
  { seq }: Position,
  { caller, deadlineMs, trace }: CallerDeadline,
  now: number,
): Promise<void> {
  const question = { $case: "projected", value: { seq } } as const;
  const until = Math.min(deadlineMs, now + settledMsMax);
  await owners.ask(channel, caller.userId, question, until, trace).catch(() => undefined);
}
