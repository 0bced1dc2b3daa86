import assert from "node:assert/strict";
import fc from "fast-check";
import { GapReason } from "../../../gen/json/confab/v1/realtime.js";
import type { Event } from "../../../gen/json/confab/v1/types.js";
import { heldEventsMax } from "../limits.js";
import { Feed, type LostRange } from "./feed.js";

const at = (seq: number) => ({ seq, id: 1000 + seq });
const event = (seq: number): Event => ({ ...at(seq), author: "U1", kind: undefined });
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

class Application {
  accepted: number[] = [];
  fetches: number[] = [];
  lost: LostRange[] = [];
  began: number[] = [];
  onAccept = () => {};
  readonly feed: Feed;

  constructor(position?: { seq: number; id: number }) {
    const outside = {
      began: ({ seq }: { seq: number }) => this.began.push(seq),
      accept: ({ seq }: Event) => {
        this.accepted.push(seq);
        this.onAccept();
      },
      fetch: (afterSeq: number) => this.fetches.push(afterSeq),
      lost: (lost: LostRange) => this.lost.push(lost),
    };
    this.feed = new Feed("C1", outside, position);
  }

  events(...seqs: number[]) {
    for (const seq of seqs) this.feed.event(event(seq));
  }
}

describe("a feed", () => {
  it("begins where the server says, once, and passes events on in their order, each once", () => {
    const application = new Application();
    application.events(5);
    application.feed.subscribed(at(5));
    application.events(6, 7, 7, 6, 8);
    application.feed.subscribed(at(8));
    assert.deepEqual([application.began, application.accepted, application.fetches], [[5], [6, 7, 8], []]);
    assert.deepEqual(application.feed.position, at(8));
  });

  it("fetches what is missing before it passes anything newer on", () => {
    const application = new Application(at(2));
    application.feed.subscribed(at(2));
    application.events(3, 6, 7);
    assert.deepEqual([application.accepted, application.fetches], [[3], [3]]);
    application.events(9);
    application.feed.page([event(4), event(5), event(6)]);
    assert.deepEqual([application.accepted, application.fetches], [range(3, 7), [3, 7]]);
    application.feed.page([event(8), event(9)]);
    assert.deepEqual([application.accepted, application.fetches], [range(3, 9), [3, 7]]);
  });

  it("takes what it waits for from either way", () => {
    const application = new Application(at(2));
    application.events(5);
    application.events(3, 4);
    assert.deepEqual(application.accepted, [3, 4, 5]);
    application.feed.page([event(3), event(4)]);
    application.events(6);
    assert.deepEqual([application.accepted, application.fetches], [[3, 4, 5, 6], [2]]);
  });

  it("fetches what it was told of but never saw", () => {
    const application = new Application(at(2));
    application.feed.subscribed(at(4));
    assert.deepEqual(application.fetches, [2]);
    application.feed.page([event(3)]);
    assert.deepEqual(application.fetches, [2, 3]);
    application.feed.gap({ fromSeq: 5, toSeq: 9, reason: GapReason.GAP_REASON_TOO_FAR_BEHIND });
    application.feed.page(range(4, 9).map(event));
    assert.deepEqual([application.accepted, application.fetches], [range(3, 9), [2, 3]]);
  });

  it("tells what is past retention, by the server's word or by what a page leaves out", () => {
    const application = new Application(at(0));
    application.feed.gap({ fromSeq: 1, toSeq: 10, reason: GapReason.GAP_REASON_EXPIRED });
    application.events(11);
    application.feed.subscribed(at(20));
    application.feed.page(range(15, 20).map(event));
    assert.deepEqual(application.lost, [
      { fromSeq: 1, toSeq: 10 },
      { fromSeq: 12, toSeq: 14 },
    ]);
    assert.deepEqual(application.accepted, [11, ...range(15, 20)]);
  });

  it("passes nothing on while the application is behind, and then all of it", () => {
    const application = new Application(at(0));
    application.onAccept = () => application.accepted.length === 2 && application.feed.pause();
    application.events(1, 2, 3, 4);
    assert.deepEqual([application.accepted, application.fetches], [[1, 2], []]);
    application.feed.resume();
    application.events(5);
    assert.deepEqual(application.fetches, [2]);
    application.feed.page(range(3, 4).map(event));
    assert.deepEqual(application.accepted, range(1, 5));
    application.onAccept = () => application.accepted.length === 7 && application.feed.pause();
    application.feed.subscribed(at(9));
    application.feed.page(range(6, 9).map(event));
    assert.deepEqual(application.accepted, range(1, 7));
    application.feed.resume();
    assert.deepEqual(application.fetches, [2, 5, 7]);
  });

  it("keeps no more events than it may while it fetches, and loses none", () => {
    const application = new Application(at(0));
    const last = heldEventsMax + 50;
    application.events(...range(2, last));
    application.feed.page([event(1)]);
    assert.deepEqual(application.accepted, range(1, heldEventsMax + 1));
    application.feed.page(range(application.accepted.length + 1, last).map(event));
    assert.deepEqual(application.accepted, range(1, last));
  });

  it("has each event once and in order, whatever comes twice, late or never, and whenever it pauses", () => {
    const step = fc.oneof(
      fc.nat(30).map((seq) => ({ $case: "event" as const, seq })),
      fc.nat(30).map((seq) => ({ $case: "subscribed" as const, seq })),
      fc.constantFrom({ $case: "page" as const }, { $case: "pause" as const }, { $case: "resume" as const }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (steps, pageEvents) => {
        const application = new Application(at(0));
        const { feed } = application;
        let served = 0;
        const servePage = () => {
          const after = application.fetches[served];
          if (after === undefined) return false;
          served += 1;
          feed.page(range(after + 1, Math.min(31, after + pageEvents)).map(event));
          return true;
        };
        for (const one of steps) {
          if (one.$case === "event" && one.seq > 0) application.events(one.seq);
          if (one.$case === "subscribed") feed.subscribed(at(one.seq));
          if (one.$case === "page") servePage();
          if (one.$case === "pause") feed.pause();
          if (one.$case === "resume") feed.resume();
        }
        feed.resume();
        feed.subscribed(at(31));
        while (servePage());
        assert.deepEqual(application.accepted, range(1, 31));
        assert.deepEqual(application.lost, []);
      }),
    );
  });
});
