import type { Up } from "../../../gen/confab/mesh/v1/attach.js";
import { Event } from "../../../gen/confab/v1/types.js";
import { deletedBy } from "../../../lib/events/erased.js";
import { eventFrame } from "../../../lib/frames/event-frame.js";
import { type ChannelId, parseUserId } from "../../../lib/ids/ids.js";
import { type LinkId, type Outcome, refusal } from "./answers.js";
import type { Channel, Term } from "./channel.js";
import type { ConfirmBarrier } from "./confirm-barrier.js";
import type { FanOut } from "./fan-out.js";
import { changesMembership } from "./membership.js";
import type { MembershipLists } from "./membership-lists.js";

/** Most events of one answer to `fetch`. */
const fetchedEventsMax = 256;

/** Carries out what gateways wish of a channel, answering on their stream. */
export class GatewayWishes {
  constructor(
    private readonly fanOut: FanOut,
    private readonly barrier: ConfirmBarrier,
    private readonly lists: MembershipLists,
  ) {}

  grant(link: LinkId, up: Up, channel: Channel, term: Term, now: number): void {
    const { wish } = up;
    switch (wish?.$case) {
      case "attach":
        return channel.whenOpen(({ tail }) => this.fanOut.attach(link, channel.id, tail, term.epoch));
      case "detach":
        // Not before an attachment that waits.
        return channel.whenOpen(() => this.fanOut.detach(link, channel.id));
      case "ask":
        return this.#ask(link, channel, wish.value.userId);
      case "fetch":
        return this.#fetch(link, channel, wish.value.afterSeq, wish.value.toSeq);
      case "memberships":
        return this.#memberships(link, up, wish.value.number);
      case "typing":
        channel.type(wish.value.userId, wish.value.parentId, now);
        return;
      default:
        return this.refuse(link, up, { $case: "refusal", value: refusal("invalid_argument", "wish") });
    }
  }

  /** A detachment and a typing hint need no answer. */
  refuse(link: LinkId, up: Up, outcome: Outcome): void {
    const { channelId, wish } = up;
    if (outcome.$case !== "refusal" || wish?.$case === "detach" || wish?.$case === "typing") return;
    const userId = wish?.$case === "ask" ? wish.value.userId : "";
    this.fanOut.send(link, { $case: "refused", value: { channelId, refusal: outcome.value, userId } });
  }

  /** A zombie must not answer from an old membership: the answer waits for a confirm that begins now. */
  #ask(link: LinkId, channel: Channel, userId: string): void {
    const release = channel.hold();
    channel.whenOpen((state) =>
      this.barrier.wait(() => {
        const joinedSeq = state.membership.joinedSeq(userId);
        const answer = { channelId: channel.id, userId, joinedSeq, newest: state.tail };
        const member = state.membership.has(userId) || userId === channel.id;
        this.fanOut.send(link, { $case: "member", value: { ...answer, member } });
        release();
      }),
    );
  }

  /** Without an answer by the store there is none here either: the gateway asks again. */
  #memberships(link: LinkId, up: Up, number: number): void {
    const user = parseUserId(up.channelId);
    if (!user) return this.refuse(link, up, { $case: "refusal", value: refusal("invalid_id", "channel_id") });
    this.lists.read(user, (list) => {
      if (list) this.fanOut.send(link, { $case: "memberships", value: { channelId: user, number, ...list } });
    });
  }

  #fetch(link: LinkId, channel: Channel, afterSeq: number, toSeq: number): void {
    channel.whenOpen((state) => {
      const to = Math.min(toSeq, afterSeq + fetchedEventsMax, state.tail.seq);
      const release = channel.hold();
      channel.readAfter(state, afterSeq, to, (events, source) => {
        release();
        if (!events) return;
        const value = {
          channelId: channel.id,
          events: events.map((event) => delivery(channel.id, event, state.recent.creationOf(event.id))),
          fetch: { afterSeq, toSeq },
          fromStore: source === "store",
        };
        this.fanOut.send(link, { $case: "fetched", value });
      });
    });
  }
}

function delivery(channel: ChannelId, event: Event, creation: string | undefined) {
  const { seq, id, kind } = event;
  const frame = eventFrame(channel, Event.encode(event).finish());
  const value = { seq, id, frame, membership: changesMembership(kind), deletes: deletedBy(event) };
  return creation === undefined ? value : { ...value, creationTraceparent: creation };
}
