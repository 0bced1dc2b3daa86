import type { Position } from "../../../gen/confab/v1/types.js";
import { ConfabError, type ErrorCode } from "../../../lib/errors/errors.js";
import type { Api, Connection } from "./connection.js";
import { isRetryable } from "./patience.js";

/** A call that adds one event. */
export interface Deed {
  readonly call: (api: Api) => Promise<{ readonly position?: Position | undefined }>;
  /** The error that means, after a try of unknown outcome, that this try did it. */
  readonly doneCode?: ErrorCode;
}

/** Does it, and gives the event's place; undefined if it is done but the answer that named it was lost. */
export async function perform(
  connection: Pick<Connection, "call">,
  { call, doneCode }: Deed,
): Promise<Position | undefined> {
  let mayBeDone = false;
  const { position } = await connection.call(async (api) => {
    try {
      return await call(api);
    } catch (error) {
      if (mayBeDone && error instanceof ConfabError && error.code === doneCode) return {};
      mayBeDone ||= isRetryable(error);
      throw error;
    }
  });
  return position;
}
