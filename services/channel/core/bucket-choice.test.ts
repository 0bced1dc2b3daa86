import assert from "node:assert/strict";
import { general, OwnerStage } from "../owner-stage.js";

const dayMs = 24 * 3600_000;
const bucketRowsMax = 10_000;

describe("buckets", () => {
  let stage: OwnerStage;

  beforeEach(async () => {
    stage = new OwnerStage();
    await stage.found();
  });

  /** Posts so many messages, no more at a time than may wait. */
  const fill = async (messages: number) => {
    for (let i = 1; i <= messages; i++) {
      stage.post("x");
      if (i % 8000 === 0) await stage.settle();
    }
    await stage.settle();
  };
  const buckets = () => stage.memory.readBuckets(general);

  it("are named by their first event and listed before anything is in them", async () => {
    const empty = new OwnerStage();
    empty.create();
    await empty.release("find");
    assert.equal(empty.waiting, "listBucket");
    const { entry } = empty.held("listBucket");
    await empty.release("listBucket");
    assert.equal(empty.waiting, "append");
    const { append } = empty.held("append");
    assert.deepEqual(entry, { epoch: 5, bucket: append?.rows[0]?.id, firstSeq: 1 });
    assert.equal(append?.bucket, entry?.bucket);
  });

  it("hold 10,000 rows; the next event opens another", async () => {
    await fill(bucketRowsMax - 4);
    const [first] = await buckets();
    stage.post("the last row");
    assert.equal(stage.held("append").append?.bucket, first?.bucket);
    await stage.settle();
    stage.post("the next bucket");
    assert.equal(stage.waiting, "listBucket");
    await stage.release("listBucket");
    const { append } = stage.held("append");
    assert.deepEqual([append?.bucket, append?.rows[0]?.seq], [append?.rows[0]?.id, 10_001]);
    await stage.settle();
    assert.deepEqual(await buckets(), [first, { epoch: 5, bucket: append?.bucket, firstSeq: 10_001 }]);
  });

  it("are not crossed by an append", async () => {
    await fill(bucketRowsMax - 10);
    stage.post("in flight");
    for (let i = 0; i < 7; i++) stage.post("together");
    await stage.release("append", "confirm");
    assert.equal(stage.waiting, "listBucket");
    await stage.settle();
    assert.deepEqual(
      (await buckets()).map(({ firstSeq }) => firstSeq),
      [1, 9995],
    );
  });

  it("are closed after 10 days", async () => {
    const [first] = await buckets();
    stage.clock.advance(10 * dayMs - 1);
    stage.post("old bucket");
    assert.equal(stage.held("append").append?.bucket, first?.bucket);
    await stage.settle();
    stage.clock.advance(1);
    stage.post("new bucket");
    assert.equal(stage.waiting, "listBucket");
    await stage.settle();
    assert.deepEqual((await buckets())[1]?.bucket, stage.clock.now() * 1000);
  });

  it("are listed until that is known to be done", async () => {
    stage.clock.advance(10 * dayMs);
    const number = stage.post("new bucket");
    const { entry } = stage.held("listBucket");
    await stage.fail("listBucket", "unknown", true);
    stage.clock.advance(20);
    assert.deepEqual(stage.held("listBucket").entry, entry);
    await stage.settle();
    assert.equal(stage.answer(number), 4);
  });

  it("that could not be listed take nothing", async () => {
    stage.clock.advance(10 * dayMs);
    const number = stage.post("new bucket");
    await stage.fail("listBucket", "notWritten");
    assert.deepEqual([stage.answer(number), stage.waiting], ["unavailable", ""]);
  });

  it("that were listed for an append that failed are used by the next, whatever the clock", async () => {
    const clock = stage.clock;
    clock.advance(10 * dayMs);
    stage.post("lost");
    const listed = stage.held("listBucket").entry!;
    await stage.release("listBucket");
    await stage.fail("append", "notWritten");
    stage.clock.advance(-1000);
    const kept = stage.post("kept");
    await stage.settle();
    assert.deepEqual((await buckets()).slice(1), [listed]);

    const next = new OwnerStage({ memory: stage.memory, clock, epoch: 7 });
    const [page] = [next.read()];
    await next.settle();
    const [outcome] = page;
    assert.ok(outcome && "page" in outcome);
    assert.equal(outcome.page.newest?.seq, stage.answer(kept));
  });

  it("that were listed for a creation that failed are used by the next try of it", async () => {
    const empty = new OwnerStage();
    empty.create();
    await empty.release("find", "listBucket");
    await empty.fail("append", "notWritten");
    empty.clock.advance(-1000);
    const number = empty.create();
    await empty.settle();
    assert.equal(empty.answer(number), 1);

    const next = new OwnerStage({ memory: empty.memory, clock: empty.clock, epoch: 7 });
    const post = next.post("hello");
    await next.settle();
    assert.equal(next.answer(post), 3);
  });
});
