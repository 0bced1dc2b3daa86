import {
  type CallOptions,
  type Client,
  ConfabError,
  type ErrorCode,
  isRetryable,
  type Position,
} from "../../sdk/node.js";

/** A call that adds one event. */
export interface Deed {
  readonly call: (options: CallOptions) => Promise<{ readonly position?: Position | undefined }>;
  /** The error that means, after a try of unknown outcome, that this try did it. */
  readonly doneCode?: ErrorCode;
}

/** Does it, and gives the event's place; undefined if it is done but the answer that named it was lost. */
export async function perform(
  client: Pick<Client, "repeat">,
  { call, doneCode }: Deed,
): Promise<Position | undefined> {
  let mayBeDone = false;
  const { position } = await client.repeat(async (options) => {
    try {
      return await call(options);
    } catch (error) {
      if (mayBeDone && error instanceof ConfabError && error.code === doneCode) return {};
      mayBeDone ||= isRetryable(error);
      throw error;
    }
  });
  return position;
}
