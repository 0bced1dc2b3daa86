import assert from "node:assert/strict";
import { sharedCassandra } from "../../../tests/cassandra.js";
import type { ChannelId } from "../../ids/ids.js";
import { type Append, NotWritten } from "../log-store.js";
import { appendOf, newChannel, readAll } from "../suite/samples.js";
import type { CassandraStore } from "./cassandra-store.js";
import { openOn } from "./test-store.js";

/** Channels that are appended to at once. */
const channelCount = 24;
/** Acknowledged appends after which the server is killed, and after which the test ends. */
const killAfter = 400;
const endAfter = 700;

/** Appends to many channels as their owners would, and counts what is acknowledged. */
class Writers {
  readonly acknowledged = new Map<ChannelId, number>();
  count = 0;
  unknown = 0;

  constructor(
    private readonly store: CassandraStore,
    private readonly onAcknowledged: (count: number) => void,
  ) {}

  async run(): Promise<void> {
    await Promise.all(Array.from({ length: channelCount }, () => this.#write(newChannel())));
  }

  async #write(channel: ChannelId): Promise<void> {
    for (let seq = 1; this.count < endAfter; seq += 3) {
      await this.#untilKnown(appendOf(channel as ReturnType<typeof newChannel>, seq, seq + 2));
      this.acknowledged.set(channel, seq + 2);
      this.onAcknowledged(++this.count);
    }
  }

  /** The same bytes again until they are acknowledged. */
  async #untilKnown(append: Append): Promise<void> {
    for (;;) {
      try {
        return await this.store.append("one", append);
      } catch (error) {
        if (!(error instanceof NotWritten)) this.unknown++;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }
}

describe("a Cassandra that is killed", () => {
  const server = sharedCassandra();

  it("has every append that was acknowledged, each whole, and goes on after its restart", async () => {
    const store = await openOn(server());
    let restarted: Promise<void> | undefined;
    const restart = async () => {
      await server().kill();
      await server().start();
    };
    const writers = new Writers(store, (count) => {
      if (count === killAfter) restarted = restart();
    });
    await writers.run();
    await restarted;
    assert.ok(writers.unknown > 0, "nothing was under way when it was killed");
    for (const [channel, last] of writers.acknowledged) {
      const rows = await readAll(store, channel);
      const seqs = rows.map(({ seq }) => seq);
      assert.deepEqual(
        seqs,
        Array.from({ length: last }, (_, at) => at + 1),
      );
    }
    await store.close();
  });
}).timeout(300_000);
