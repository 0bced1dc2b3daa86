import type { Command } from "../../../gen/confab/mesh/v1/write.js";
import type { ClientFrame } from "../../../gen/confab/v1/realtime.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import { type ConversationId, makeId, type Position } from "../../../lib/ids/ids.js";
import { sendsUnderWayMax } from "../../../lib/limits/limits.js";
import { parsePost } from "../../../lib/requests/posts.js";
import { parseReaction } from "../../../lib/requests/reactions.js";
import { conversationId, markedSeq } from "../../../lib/requests/validate.js";
import { SendLanes } from "./send-lanes.js";
import type { Identity, Session } from "./session.js";

/** After how many ms a client may try again that has too much under way. */
const overloadedRetryMs = 100;

type Action = NonNullable<Command["action"]>;
/** Where the event of a request is, or why there is none. */
export type Outcome = Position | ConfabError;

/** What carries out the requests of clients. Nothing is called back within the call itself. */
export interface SendsOutside {
  /** Counts a request against what its user may ask. @throws ConfabError `rate_limited` */
  charge(identity: Identity): void;
  /** Brings commands to the owner of a channel, in their order; `done` gets an outcome for each. */
  command(
    identity: Identity,
    channel: ConversationId,
    actions: readonly Action[],
    firstAttempt: boolean,
    done: (outcomes: readonly Outcome[]) => void,
  ): void;
  /** Moves the user's read mark of a channel. */
  markRead(identity: Identity, channel: ConversationId, seq: number, done: (outcome: Outcome) => void): void;
}

type Frame = NonNullable<ClientFrame["frame"]>;
type SendFrame = Extract<Frame, { readonly $case: "post" | "react" | "mark" }>;

interface Asked {
  readonly requestId: number;
  readonly channel: ConversationId;
}
interface Write extends Asked {
  readonly action: Action;
  readonly firstAttempt: boolean;
}
interface Mark extends Asked {
  readonly seq: number;
}

/** What one connection has under way. */
interface UnderWay {
  count: number;
  readonly writes: SendLanes<Write>;
  readonly marks: SendLanes<Mark>;
}

/**
 * Posts, reactions and read marks that clients send over their connections. What a connection writes to a
 * channel keeps its order. It is carried out although the connection ends, but then nobody is answered.
 */
export class ClientSends {
  readonly #underWay = new WeakMap<Session, UnderWay>();

  constructor(
    private readonly outside: SendsOutside,
    private readonly random: () => number,
    private readonly isOpen: (session: Session) => boolean,
  ) {}

  received(session: Session, requestId: number, frame: SendFrame): void {
    const underWay = this.#underWayOf(session);
    try {
      if (underWay.count >= sendsUnderWayMax) throw tooMany();
      this.outside.charge(session.identity);
      this.#begin(underWay, requestId, frame);
    } catch (error) {
      if (!(error instanceof ConfabError)) throw error;
      session.refuse(requestId, error);
    }
  }

  #begin(underWay: UnderWay, requestId: number, frame: SendFrame): void {
    const channel = conversationId(frame.value.channelId, `${frame.$case}.channel_id`);
    const asked = { requestId, channel };
    if (frame.$case === "mark") {
      const seq = markedSeq(frame.value.seq, "mark.seq");
      underWay.count++;
      underWay.marks.add(channel, { ...asked, seq });
    } else {
      const write = { ...asked, ...this.#writeOf(frame) };
      underWay.count++;
      underWay.writes.add(channel, write);
    }
  }

  #writeOf(frame: Exclude<SendFrame, { readonly $case: "mark" }>): Omit<Write, keyof Asked> {
    if (frame.$case === "react") {
      return { firstAttempt: true, action: { $case: "react", value: parseReaction(frame.value, "react.") } };
    }
    const { message, firstAttempt } = frame.value;
    const value = parsePost(message, "post.message", () => makeId("C", this.random).slice(1));
    // An id that was made here cannot have been used before.
    return { firstAttempt: firstAttempt || !message?.clientMsgId, action: { $case: "post", value } };
  }

  #underWayOf(session: Session): UnderWay {
    const known = this.#underWay.get(session);
    if (known) return known;
    const { identity } = session;
    const fresh: UnderWay = {
      count: 0,
      writes: new SendLanes((channel, writes, next) => {
        const actions = writes.map(({ action }) => action);
        const isFirst = writes.every(({ firstAttempt }) => firstAttempt);
        this.outside.command(identity, channel, actions, isFirst, (outcomes) => {
          this.#answer(session, fresh, writes, outcomes);
          next();
        });
      }, sendsUnderWayMax),
      marks: new SendLanes((channel, marks, next) => {
        this.outside.markRead(identity, channel, marks[0]!.seq, (outcome) => {
          this.#answer(session, fresh, marks, [outcome]);
          next();
        });
      }, 1),
    };
    this.#underWay.set(session, fresh);
    return fresh;
  }

  #answer(session: Session, underWay: UnderWay, asked: readonly Asked[], outcomes: readonly Outcome[]): void {
    underWay.count -= asked.length;
    if (!this.isOpen(session)) return;
    for (const [i, { requestId, channel }] of asked.entries()) {
      const outcome = outcomes[i] ?? new ConfabError("internal");
      if (outcome instanceof ConfabError) session.refuse(requestId, outcome, channel);
      else session.tell({ $case: "ack", value: { requestId, position: outcome } });
    }
  }
}

function tooMany(): ConfabError {
  const wording = `more than ${sendsUnderWayMax} requests have no answer yet: await some first`;
  return new ConfabError("overloaded", "", wording, overloadedRetryMs);
}
