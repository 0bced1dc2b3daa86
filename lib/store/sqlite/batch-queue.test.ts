import assert from "node:assert/strict";
import { NotWritten } from "../log-store.js";
import { BatchQueue, queueBytesMax, queueOperationsMax } from "./batch-queue.js";
import type { BatchResult, Request } from "./operations.js";
import type { ToWorker } from "./thread.js";

/** A thread that answers when the test says so. */
class FakeThread {
  readonly sent: ToWorker[] = [];
  readonly ended: Promise<Error>;
  end: (reason: Error) => void = () => {};
  #listener: { onResult(result: BatchResult): void; onEnd(reason: Error): void } | undefined;

  constructor() {
    this.ended = new Promise((resolve) => {
      this.end = (reason) => {
        this.#listener?.onEnd(reason);
        resolve(reason);
      };
    });
  }

  listen(listener: { onResult(result: BatchResult): void; onEnd(reason: Error): void }): void {
    this.#listener = listener;
  }

  send(message: ToWorker): void {
    this.sent.push(message);
    if (message === "close") this.end(new Error("closed"));
  }

  /** Answers the newest batch, each operation with its first argument. */
  answer(): void {
    const outcomes = (this.sent.at(-1) as readonly Request[]).map(({ args }) => ({ value: args[0] }));
    this.#listener?.onResult({ outcomes, transactions: 1 });
  }
}

const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe("the queue before the thread of SQLite", () => {
  let thread: FakeThread;
  let queue: BatchQueue;
  beforeEach(() => {
    thread = new FakeThread();
    queue = new BatchQueue(thread);
  });

  const submit = (bytes = 1) => queue.submit("fence", ["x"], bytes);
  const sizes = () => thread.sent.map((batch) => batch.length);
  const isUnknown = (error: unknown) => error instanceof Error && !(error instanceof NotWritten);

  it("sends one turn's operations together, and the next when those are answered", async () => {
    const first = [submit(), submit(), submit()];
    await turn();
    const later = [submit(), submit()];
    await turn();
    later.push(submit());
    assert.deepEqual(sizes(), [3]);
    thread.answer();
    await Promise.all(first);
    await turn();
    assert.deepEqual(sizes(), [3, 3]);
    thread.answer();
    await Promise.all(later);
    assert.equal(queue.transactions, 2);
  });

  it("takes so many operations and no more, until some are done", async () => {
    const taken = Array.from({ length: queueOperationsMax }, () => submit());
    await assert.rejects(submit(), NotWritten);
    await turn();
    await assert.rejects(submit(), NotWritten);
    thread.answer();
    await Promise.all(taken);
    const next = submit();
    await turn();
    thread.answer();
    await next;
  });

  it("takes so many bytes and no more, but one operation of any size", async () => {
    const large = submit(queueBytesMax + 1);
    await assert.rejects(submit(0), NotWritten);
    await turn();
    thread.answer();
    await large;
    const taken = [submit(queueBytesMax), submit(0)];
    await assert.rejects(submit(1), NotWritten);
    await turn();
    thread.answer();
    await Promise.all(taken);
  });

  it("knows that what it never sent was not written when the thread dies", async () => {
    const sent = assert.rejects(submit(), isUnknown);
    await turn();
    const waiting = assert.rejects(submit(), NotWritten);
    thread.end(new Error("out of memory"));
    await Promise.all([sent, waiting]);
    await assert.rejects(submit(), { message: /out of memory/ });
    await queue.close();
  });

  it("rejects what cannot be sent, and goes on", async () => {
    const send = thread.send;
    thread.send = () => {
      throw new Error("cannot be cloned");
    };
    await assert.rejects(submit(), NotWritten);
    thread.send = send;
    const next = submit();
    await turn();
    thread.answer();
    await next;
  });

  it("closes when all is answered, twice", async () => {
    const first = submit();
    await turn();
    const second = submit();
    const closed = [queue.close(), queue.close()];
    await assert.rejects(submit(), NotWritten);
    thread.answer();
    await first;
    await turn();
    thread.answer();
    await second;
    await Promise.all(closed);
    assert.equal(thread.sent.at(-1), "close");
    await queue.close();
  });
});
