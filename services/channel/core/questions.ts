import type { AskRequest, AskResponse } from "../../../gen/confab/mesh/v1/log.js";
import type { ErrorCode } from "../../../lib/errors/errors.js";
import { refusal } from "./answers.js";
import type { ChannelState } from "./channel-state.js";
import type { ConfirmBarrier } from "./confirm-barrier.js";
import { MessageQuestions } from "./message-questions.js";
import type { Projector } from "./projector.js";
import type { Reader } from "./reader.js";
import type { Outside } from "./store-work.js";
import { UnreadQuestions } from "./unread-questions.js";

export type Answer = NonNullable<AskResponse["outcome"]>;
type Reply = (answer: Answer) => void;

/** Answers what a channel amounts to: messages with what was put on them, members, marks, counts. */
export class Questions {
  readonly #messages: MessageQuestions;
  readonly #unread: UnreadQuestions;

  constructor(
    outside: Pick<Outside, "store">,
    private readonly barrier: ConfirmBarrier,
    private readonly projector: Projector,
    reader: Reader,
  ) {
    this.#messages = new MessageQuestions(outside, projector, reader);
    this.#unread = new UnreadQuestions(outside, projector);
  }

  /** Authorises and notes the tail in this turn; no answer goes out before a confirm that begins now. */
  ask(state: ChannelState, request: AskRequest, reply: Reply): void {
    const why = whyNot(state, request);
    if (why) return reply(no(why, "channel_id"));
    let answer: Answer | undefined;
    let confirmed = false;
    const finish = () => {
      if (confirmed && answer) reply(answer);
    };
    this.barrier.wait(() => {
      confirmed = true;
      finish();
    });
    this.#answer(state, request, (found) => {
      answer = found;
      finish();
    });
  }

  #answer(state: ChannelState, { question, reader }: AskRequest, done: Reply): void {
    switch (question?.$case) {
      case "history":
        return this.#messages.history(state, question.value, done);
      case "thread":
        return this.#messages.thread(state, question.value, done);
      case "message":
        return this.#messages.message(state, question.value.messageId, done);
      case "members": {
        const { pageToken } = question.value;
        const limit = Math.max(1, question.value.limit);
        const users = state.membership.list(pageToken, limit + 1);
        const userIds = users.slice(0, limit);
        const nextPageToken = users.length > limit ? userIds[limit - 1]! : "";
        return done({ $case: "members", value: { userIds, nextPageToken } });
      }
      case "place":
        return this.#unread.place(state, question.value.seq, done);
      case "unread":
        return this.#unread.count(state, reader, question.value.mark, done);
      case "marks":
        return done({ $case: "marks", value: { marks: state.marks.list(question.value.channelIds) } });
      case "projected": {
        const seq = Math.min(question.value.seq, state.tail.seq);
        return this.projector.whenProjected(seq, () => done({ $case: "projected", value: {} }));
      }
      default:
        return done(no("invalid_argument", "question"));
    }
  }
}

function whyNot(state: ChannelState, { reader, minSeq, question }: AskRequest): ErrorCode | undefined {
  if (reader !== state.id && state.tail.seq === 0) return "channel_not_found";
  if (minSeq > state.tail.seq) return "not_owner";
  switch (question?.$case) {
    case "place":
    case "unread":
      return state.membership.has(reader) ? undefined : "not_in_channel";
    case "marks":
      return reader === state.id ? undefined : "not_in_channel";
    case "projected":
      return undefined;
    default:
      return state.mayRead(reader) ? undefined : "not_in_channel";
  }
}

/** A refusal as an answer. */
export function no(code: ErrorCode, field = ""): Answer {
  return { $case: "refusal", value: refusal(code, field) };
}
