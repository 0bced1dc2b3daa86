import { ConfabError } from "../../../lib/errors/errors.js";
import type { Position } from "../../../lib/ids/ids.js";
import type { Stage } from "./stage.js";

/** Refusals that say for certain that nothing changed; all others leave open what an earlier try did. */
const certain = new Set(["client_msg_id_reused", "not_in_channel", "channel_not_found", "invalid_argument"]);

/** Takes down what became of a post, by whichever way it went; returns whether it is certain. */
export function noteOutcome(
  { recorder, world }: Stage,
  call: string,
  outcome: Position | ConfabError | undefined,
): boolean {
  if (!outcome) throw new Error("fewer outcomes than commands");
  if (!(outcome instanceof ConfabError)) {
    world.coverage.hit("post.acknowledged");
    recorder.note({ type: "answer", call, outcome: "ok", seq: outcome.seq, id: outcome.id });
    return true;
  }
  const refused = certain.has(outcome.code);
  world.coverage.hit(refused ? "post.refused" : "post.unknown");
  recorder.note({ type: "answer", call, outcome: refused ? "refused" : "unknown", code: outcome.code });
  return refused;
}

/** Errors with a name are outcomes; any other is a fault of the code. */
export function asConfabError(error: unknown): ConfabError {
  if (error instanceof ConfabError) return error;
  throw error;
}
