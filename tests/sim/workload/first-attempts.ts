import type { ChannelId, UserId } from "../../../lib/ids/ids.js";
import type { Owners } from "../../../lib/owners/owners.js";

/**
 * Sees that no post is marked as a first attempt twice: owners believe the mark, and promise nothing to
 * callers who set it wrongly. What broke then would be the workload.
 */
export class FirstAttempts {
  private readonly marked = new Set<string>();

  constructor(private readonly complain: (channel: ChannelId, what: string) => void) {}

  /** The owners, for callers that are watched. */
  watch(owners: Owners): Owners {
    return {
      command: (channel, author, actions, options) => {
        if (options.firstAttempt) this.note(channel, author, actions);
        return owners.command(channel, author, actions, options);
      },
      readEvents: (channel, reader, range, deadlineMs) =>
        owners.readEvents(channel, reader, range, deadlineMs),
      ask: (channel, reader, question, deadlineMs) => owners.ask(channel, reader, question, deadlineMs),
    };
  }

  private note(channel: ChannelId, author: UserId, actions: Parameters<Owners["command"]>[2]): void {
    for (const action of actions) {
      if (action.$case !== "post" || action.value.clientMsgId === "") continue;
      const { clientMsgId } = action.value;
      const key = `${channel} ${author} ${clientMsgId}`;
      if (this.marked.has(key)) this.complain(channel, `${clientMsgId} was marked a first attempt twice`);
      this.marked.add(key);
    }
  }
}
