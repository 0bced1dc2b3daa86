import type { ListMessagesRequest, ListRepliesRequest } from "../../../gen/confab/v1/messaging.js";
import type { Event } from "../../../gen/confab/v1/types.js";
import type { EventId } from "../../../lib/ids/ids.js";
import type { ChannelState } from "./channel-state.js";
import { historyPage, threadPage } from "./message-pages.js";
import { Overlay } from "./overlay.js";
import type { Projector } from "./projector.js";
import { type Answer, no } from "./questions.js";
import { pageBounds, type Reader } from "./reader.js";
import type { FoundMessage, FoundReplies, Outside } from "./store-work.js";

type Reply = (answer: Answer) => void;

/** Reads messages: the log, what was put on them as far as it is projected, and the rest from memory. */
export class MessageQuestions {
  constructor(
    private readonly outside: Pick<Outside, "store">,
    private readonly projector: Pick<Projector, "pending">,
    private readonly reader: Pick<Reader, "readPage">,
  ) {}

  /** A range of the log, then what was put on as many of its messages as a page has room for. */
  history(state: ChannelState, { beforeSeq, limit }: ListMessagesRequest, done: Reply): void {
    const newest = state.tail;
    const { from, to } = pageBounds({ fromSeq: beforeSeq, limit, downward: true }, newest);
    const overlay = new Overlay(this.projector.pending);
    this.reader.readPage(state, { from, to, downward: true }, (events) => {
      if (!events) return done(no("unavailable"));
      const range = { segments: [...state.segments], from: events[0]?.seq ?? from, to };
      this.outside.store.readAnnotations(state.id, range, (outcome) => {
        if ("failure" in outcome) return done(no("unavailable"));
        const { rows, from: lowest } = outcome.value;
        const shown = events.filter(({ seq }) => seq >= lowest);
        done({ $case: "history", value: historyPage(shown, rows, overlay, newest) });
      });
    });
  }

  message(state: ChannelState, id: EventId, done: Reply): void {
    const overlay = new Overlay(this.projector.pending);
    this.#find(state, id, done, (found) => {
      const message = found && overlay.view(found);
      if (!message || message.deleted) return done(no("message_not_found", "message_id"));
      done({ $case: "message", value: message });
    });
  }

  thread(state: ChannelState, { parentId, afterId, ...rest }: ListRepliesRequest, done: Reply): void {
    const limit = Math.max(1, rest.limit);
    const overlay = new Overlay(this.projector.pending);
    const segments = [...state.segments];
    this.#find(state, parentId, done, (found) => {
      const parent = found && overlay.view(found);
      if (parent?.parentId !== 0) return done(no("thread_not_found", "parent_id"));
      const wish = { segments, parentId, after: afterId, limit: limit + 1 };
      this.outside.store.findReplies(state.id, wish, (outcome) => {
        if ("failure" in outcome) return done(no("unavailable"));
        const found = withPending(outcome.value, overlay.replies(parentId, afterId));
        done({ $case: "thread", value: threadPage(parent, found, overlay, limit) });
      });
    });
  }

  #find(state: ChannelState, id: EventId, done: Reply, use: (found: FoundMessage | undefined) => void): void {
    const { tail, recent } = state;
    if (id > tail.id) return use(undefined);
    const wish = { segments: [...state.segments], tail, id, event: recent.find(id) };
    this.outside.store.findMessage(state.id, wish, (outcome) => {
      if ("failure" in outcome) return done(no("unavailable"));
      use(outcome.value);
    });
  }
}

/**
 * Replies from the store and those that may not be there yet, each once, ascending; none of the latter where
 * some of the former are missing.
 */
function withPending({ replies, isCut }: FoundReplies, pending: readonly Event[]): FoundReplies {
  if (isCut) return { replies, isCut };
  const byId = new Map(pending.map((event): [EventId, FoundMessage] => [event.id, { event, cells: [] }]));
  for (const one of replies) byId.set(one.event.id, one);
  return { replies: [...byId.values()].sort((a, b) => a.event.id - b.event.id), isCut };
}
