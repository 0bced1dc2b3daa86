import assert from "node:assert/strict";
import { postsWaitingMax } from "../limits.js";
import { PostQueue } from "./post-queue.js";

const post = (name: string, { bytes = 10, isNew = true } = {}) => ({ name, bytes, isNew });

describe("the queue of a channel's posts", () => {
  function fill(...posts: ReturnType<typeof post>[]) {
    const queue = new PostQueue<ReturnType<typeof post>>();
    for (const one of posts) queue.add(one);
    const names = () => queue.next()?.posts.map(({ name }) => name);
    return { queue, names };
  }

  it("sends what has gathered, at most 256 messages with one call", () => {
    const { queue, names } = fill(...Array.from({ length: 300 }, (_, i) => post(`${i}`)));
    const first = queue.next()!;
    assert.equal(first.posts.length, 256);
    for (const one of first.posts) queue.remove(one);
    assert.deepEqual(
      names(),
      Array.from({ length: 44 }, (_, i) => `${256 + i}`),
    );
  });

  it("sends no more text with one call than it may, unless one message has more", () => {
    const [large, half, rest] = [
      post("large", { bytes: 9e6 }),
      post("half", { bytes: 6e5 }),
      post("rest", { bytes: 6e5 }),
    ];
    const { queue, names } = fill(large, half, rest);
    assert.deepEqual(names(), ["large"]);
    queue.remove(large);
    assert.deepEqual(names(), ["half"]);
  });

  it("sends what has no outcome again, alone, before anything newer", () => {
    const [one, two, three] = [post("one"), post("two"), post("three")];
    const { queue, names } = fill(one, two);
    assert.deepEqual(queue.next(), { posts: [one, two], firstAttempt: true, isRetry: false });
    queue.add(three);
    queue.remove(one);
    assert.deepEqual(queue.next(), { posts: [two], firstAttempt: false, isRetry: true });
    assert.deepEqual(
      [two, three].map((it) => queue.wasSent(it)),
      [true, false],
    );
    queue.remove(two);
    assert.deepEqual(names(), ["three"]);
  });

  it("claims a first attempt only if nobody can have used any of the ids", () => {
    const { queue } = fill(post("one"), post("two", { isNew: false }));
    assert.equal(queue.next()?.firstAttempt, false);
  });

  it("forgets a post that nobody waits for, and is empty in the end", () => {
    const one = post("one");
    const { queue, names } = fill(one);
    queue.remove(one);
    assert.equal(names(), undefined);
    assert.equal(queue.size, 0);
  });

  it("takes no more than may wait", () => {
    const { queue } = fill(...Array.from({ length: postsWaitingMax }, () => post("")));
    assert.equal(queue.add(post("one too many")), false);
    assert.equal(queue.size, postsWaitingMax);
  });
});
