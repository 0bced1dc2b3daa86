import type { Place } from "../../../gen/confab/mesh/v1/log.js";
import type { ReadMarked } from "../../../gen/confab/v1/types.js";
import type { Seq } from "../../../lib/ids/ids.js";
import type { ChannelState } from "./channel-state.js";
import { deletionsMax } from "./deletions.js";
import type { Projector } from "./projector.js";
import { type Answer, no } from "./questions.js";
import type { Outside } from "./store-work.js";

type Reply = (answer: Answer) => void;

/** Counts what is unread: messages now less those at the mark, less the deleted ones above it. */
export class UnreadQuestions {
  constructor(
    private readonly outside: Pick<Outside, "store">,
    private readonly projector: Pick<Projector, "whenProjected">,
  ) {}

  place(state: ChannelState, seq: Seq, done: Reply): void {
    if (seq < 1 || seq > state.tail.seq) return done(no("invalid_position", "seq"));
    this.#find(state, seq, done, (value) => done({ $case: "place", value }));
  }

  /** Without a mark, reading begins where the reader joined. */
  count(state: ChannelState, reader: string, mark: ReadMarked | undefined, done: Reply): void {
    if (mark?.position) return this.#countAbove(state, { ...mark, position: mark.position }, done);
    this.#find(state, state.membership.joinedSeq(reader), done, (place) =>
      this.#countAbove(state, place, done),
    );
  }

  #countAbove(state: ChannelState, { position, messages }: Place, done: Reply): void {
    const newest = state.tail;
    const count = state.messages - messages;
    const answer = (deleted: number) => {
      const value = { channelId: state.id, messages: Math.max(0, count - deleted), mark: position, newest };
      done({ $case: "unread", value });
    };
    if (count <= 0) return answer(0);
    const finish = () => answer(state.deletions.aboveUpTo(position?.id ?? 0, newest.id));
    if (state.deletions.isComplete) return finish();
    this.#loadDeletions(state, done, finish);
  }

  /** Deletions of before this term are all in the store once it is projected up to now. */
  #loadDeletions(state: ChannelState, done: Reply, next: () => void): void {
    this.projector.whenProjected(state.tail.seq, () => {
      this.outside.store.readDeletions(state.id, deletionsMax, (outcome) => {
        if ("failure" in outcome) return done(no("unavailable"));
        state.deletions.complete(outcome.value.map(({ messageId }) => messageId));
        next();
      });
    });
  }

  #find(state: ChannelState, seq: Seq, done: Reply, use: (place: Place) => void): void {
    const { tail, messages, segments } = state;
    if (seq === tail.seq) return use({ position: { ...tail }, messages });
    const page = { segments: [...segments], from: seq, to: seq, downward: false };
    this.outside.store.readPage(state.id, page, (outcome) => {
      const row = "value" in outcome ? outcome.value[0] : undefined;
      if (!row) return done(no("unavailable"));
      use({ position: { seq: row.seq, id: row.id }, messages: row.messages });
    });
  }
}
