import assert from "node:assert/strict";
import { ServerFrame } from "../../../gen/confab/v1/realtime.js";
import { Event } from "../../../gen/confab/v1/types.js";
import { ada, general, OwnerStage, other } from "../owner-stage.js";

const cleo = "U00000000000C";
const [near, far] = [2, 3];

describe("a gateway's stream", () => {
  let stage: OwnerStage;
  /** What was sent, as alias, kind and `seq` of what it is about. */
  const said = (link?: number) =>
    stage.down(link).map(({ alias, item }) => {
      switch (item?.$case) {
        case "attached":
          return `${alias} attached ${item.value.newest?.seq}`;
        case "delivery":
          return `${alias} delivery ${item.value.seq}`;
        case "member":
          return `${alias} member ${item.value.member} ${item.value.joinedSeq} of ${item.value.newest?.seq}`;
        case "fetched":
          return `${alias} fetched ${item.value.events.map(({ seq }) => seq)}`;
        case "refused":
          return `${alias} refused ${item.value.refusal?.code} ${item.value.userId}`;
        default:
          return `${alias} ${item?.$case}`;
      }
    });
  const post = async (channelId = general) => {
    stage.post("x", { channelId });
    await stage.settle();
  };
  const ask = (userId: string, channelId = general) =>
    stage.wish({ $case: "ask", value: { userId } }, { channelId });
  const fetch = (afterSeq: number, toSeq: number) =>
    stage.wish({ $case: "fetch", value: { afterSeq, toSeq } });

  beforeEach(async () => {
    stage = new OwnerStage();
    await stage.found();
  });

  it("attaches a channel at its newest event and brings all above it under an alias", async () => {
    await post();
    stage.attach();
    const value = { channelId: general, newest: { seq: 4, id: stage.clock.now() * 1000 + 3 }, epoch: 5 };
    assert.deepEqual(stage.down(), [{ alias: 1, item: { $case: "attached", value } }]);
    await post();
    await post();
    assert.deepEqual(said().slice(1), ["1 delivery 5", "1 delivery 6"]);
  });

  it("misses no event that is on its way to the store while it attaches", async () => {
    stage.post("one");
    stage.attach();
    await stage.release("append");
    stage.attach(near, { channelId: other });
    await stage.settle();
    assert.deepEqual(said(), ["1 attached 3", "1 delivery 4", "2 attached 0"]);
  });

  it("brings an event as a frame of the public contract, and tells which change membership", async () => {
    stage.attach();
    stage.join([cleo]);
    await post();
    const deliveries = stage.down().flatMap(({ item }) => (item?.$case === "delivery" ? [item.value] : []));
    assert.deepEqual(
      deliveries.map(({ membership }) => membership),
      [true, false],
    );
    const { seq, id, frame } = deliveries[0]!;
    const [event] = ServerFrame.decode(frame).events;
    const value = { userIds: [cleo] };
    const kind = { $case: "membersJoined", value };
    assert.deepEqual(event, { channelId: general, event: { seq, id, author: ada, kind } });
  });

  it("has aliases of its own, a new one for each attachment", async () => {
    stage.owner.attachLinkOpened(far);
    stage.attach(near, { channelId: other });
    await stage.settle();
    stage.attach(near);
    stage.attach(near);
    stage.attach(far);
    stage.wish({ $case: "detach", value: {} });
    await post();
    stage.attach(near);
    await post();
    assert.deepEqual(said(near), [
      "1 attached 0",
      "2 attached 3",
      "2 attached 3",
      "3 attached 4",
      "3 delivery 5",
    ]);
    assert.deepEqual(said(far), ["1 attached 3", "1 delivery 4", "1 delivery 5"]);
  });

  it("gets nothing of channels that it did not attach, nor once it is closed", async () => {
    await stage.found(other);
    stage.owner.attachLinkOpened(far);
    stage.attach(near);
    stage.attach(far);
    await post(other);
    stage.owner.attachLinkClosed(far);
    await post();
    assert.deepEqual(said(near), ["1 attached 3", "1 delivery 4"]);
    assert.deepEqual(said(far), ["1 attached 3"]);
  });

  it("answers who may receive a channel after a confirm that began later", async () => {
    ask(ada);
    ask(cleo);
    assert.deepEqual([said(), stage.waiting], [[], "confirm"]);
    await stage.release("confirm");
    assert.deepEqual(said(), ["0 member true 2 of 3"]);
    await stage.release("confirm");
    assert.deepEqual(said().slice(1), ["0 member false 0 of 3"]);
  });

  it("answers that as of its place among the events", async () => {
    stage.attach();
    stage.join([cleo]);
    await stage.release("append");
    ask(cleo);
    await stage.settle();
    assert.deepEqual(said(), ["1 attached 3", "1 delivery 4", "0 member true 4 of 4"]);
  });

  it("answers nothing of that when the confirm finds a fence", async () => {
    ask(ada);
    await stage.memory.fence(stage.incarnation);
    await stage.settle();
    assert.deepEqual([said(), stage.ended], [[], ["fenced"]]);
  });

  it("brings events again, up to 256 and none beyond the tail", async () => {
    for (let i = 0; i < 300; i++) stage.post("x");
    await stage.settle();
    fetch(1, 3);
    fetch(300, 999);
    fetch(303, 304);
    fetch(10, 303);
    await stage.settle();
    const many = Array.from({ length: 256 }, (_, i) => 11 + i);
    assert.deepEqual(said(), ["0 fetched 2,3", "0 fetched 301,302,303", "0 fetched ", `0 fetched ${many}`]);
    const fetched = stage.down()[0]?.item;
    assert.equal(fetched?.$case, "fetched");
    const { events, ...rest } = fetched.value;
    assert.deepEqual(rest, { channelId: general, fetch: { afterSeq: 1, toSeq: 3 }, fromStore: false });
    const [event] = ServerFrame.decode(events[1]!.frame).events;
    assert.equal(event?.event?.kind?.$case, "membersJoined");
    assert.deepEqual(
      events.map(({ membership }) => membership),
      [true, true],
    );
  });

  it("brings as many large events as a page has room for, and the rest when asked on", async () => {
    const text = "x".repeat(256 * 1024);
    for (let i = 0; i < 20; i++) stage.post(text);
    await stage.settle();
    for (const after of [3, 11, 19]) fetch(after, 23);
    await stage.settle();
    const groups = [
      [4, 5, 6, 7, 8, 9, 10, 11],
      [12, 13, 14, 15, 16, 17, 18, 19],
      [20, 21, 22, 23],
    ];
    assert.deepEqual(
      said(),
      groups.map((seqs) => `0 fetched ${seqs}`),
    );
  });

  it("tells of a deletion whose texts it deletes, live and fetched", async () => {
    stage.attach();
    const asked = stage.post("x");
    await stage.settle();
    const { id, seq } = stage.position(asked);
    stage.command({ $case: "delete", value: { messageId: id } });
    await stage.settle();
    fetch(seq - 1, seq + 1);
    await stage.settle();
    const deletes = stage.down().flatMap(({ item }) => {
      if (item?.$case === "delivery") return [item.value.deletes];
      return item?.$case === "fetched" ? item.value.events.map((event) => event.deletes) : [];
    });
    assert.deepEqual(deletes, [0, id, 0, id]);
  });

  it("brings from the store the same frame that it brought live", async () => {
    stage.attach();
    await post();
    const live = stage.down().at(-1)?.item;
    assert.equal(live?.$case, "delivery");
    for (let i = 0; i < 600; i++) stage.post("x");
    await stage.settle();
    fetch(3, 4);
    assert.equal(stage.waiting, "readPage");
    await stage.settle();
    const fetched = stage.down().at(-1)?.item;
    assert.equal(fetched?.$case, "fetched");
    const frames = [live.value.frame, fetched.value.events[0]!.frame];
    const events = frames.map((frame) => ServerFrame.decode(frame).events[0]!.event!);
    assert.deepEqual(Event.encode(events[0]!).finish(), Event.encode(events[1]!).finish());
  });

  it("tells what it cannot do, except of a detachment and of typing", async () => {
    const lost = "C00000000000Z";
    for (const wish of [
      { $case: "attach", value: { position: undefined } },
      { $case: "ask", value: { userId: cleo } },
      { $case: "fetch", value: { afterSeq: 0, toSeq: 1 } },
      { $case: "detach", value: {} },
      { $case: "typing", value: { userId: ada, parentId: 0 } },
    ] as const) {
      stage.wish(wish, { channelId: lost, epoch: 0 });
    }
    stage.wish(undefined);
    stage.wish({ $case: "ask", value: { userId: ada } }, { channelId: "general" });
    assert.deepEqual(said(), [
      "0 refused not_owner ",
      `0 refused not_owner ${cleo}`,
      "0 refused not_owner ",
      "0 refused invalid_argument ",
      `0 refused invalid_id ${ada}`,
    ]);
  });
});
