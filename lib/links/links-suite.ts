import assert from "node:assert/strict";
import type { ReadEventsRequest } from "../../gen/confab/mesh/v1/log.js";
import type { CommandFrame, ResultFrame } from "../../gen/confab/mesh/v1/write.js";
import { frameOf, numbersOf, recorder } from "./link-recorder.js";
import { type Link, type Links, type Listener, Unreachable } from "./links.js";

const request: ReadEventsRequest = {
  channelId: "C0123456789AB",
  epoch: 7,
  reader: "U0123456789AB",
  minSeq: 0,
  fromSeq: 0,
  limit: 10,
  downward: false,
};

/** What the tests need of one kind of links. */
export interface LinksUnderTest {
  readonly links: Links;
  /** One that can be listened at, with a port of its own choice. */
  readonly address: string;
  readonly close?: () => void;
}

/** What both kinds of links promise. */
export function linksSuite(name: string, open: () => LinksUnderTest): void {
  describe(`links: ${name}`, () => {
    let links: Links;
    let listener: Listener | undefined;
    let address: string;
    let close: (() => void) | undefined;

    beforeEach(() => {
      ({ links, address, close } = open());
    });
    afterEach(async () => {
      await listener?.close();
      close?.();
    });

    it("carries frames both ways, whole and in order", async () => {
      const server = recorder<CommandFrame>();
      let down: Link<ResultFrame> | undefined;
      listener = await links.listen(address, {
        accept_commands: (link) => {
          down = link;
          return server.end;
        },
      });
      const client = recorder<ResultFrame>();
      const up = links.open(listener.address, "commands", client.end);
      for (let number = 1; number <= 100; number++) up.send(frameOf(number));
      assert.deepEqual(numbersOf(await server.until(100)), upTo(100));
      for (let number = 1; number <= 100; number++) down?.send({ results: [{ number, outcome: undefined }] });
      assert.deepEqual(
        (await client.until(100)).map(({ results }) => results[0]?.number),
        upTo(100),
      );
      up.close("done");
    });

    it("tells both ends, once, when one of them closes", async () => {
      const server = recorder<CommandFrame>();
      listener = await links.listen(address, { accept_commands: () => server.end });
      const client = recorder<ResultFrame>();
      const up = links.open(listener.address, "commands", client.end);
      up.send(frameOf(1));
      await server.until(1);
      up.close("done");
      up.close("again");
      await Promise.all([client.closed, server.closed]);
      up.send(frameOf(2));
      assert.equal(server.frames.length, 1);
      assert.deepEqual([client.closings(), server.closings()], [1, 1]);
    });

    it("closes all streams of a listener that closes", async () => {
      const server = recorder<CommandFrame>();
      listener = await links.listen(address, { accept_commands: () => server.end });
      const client = recorder<ResultFrame>();
      links.open(listener.address, "commands", client.end).send(frameOf(1));
      await server.until(1);
      await listener.close();
      await listener.close();
      await Promise.all([client.closed, server.closed]);
    });

    it("closes a stream to where nobody listens, or nobody offers it", async () => {
      listener = await links.listen(address, {});
      for (const to of [listener.address, "127.0.0.1:1", "", "nowhere"]) {
        const client = recorder<ResultFrame>();
        links.open(to, "commands", client.end).send(frameOf(1));
        await client.closed;
        assert.equal(client.frames.length, 0);
      }
    });

    it("answers calls", async () => {
      const refusal = { code: "not_owner", message: "", field: "", retryMs: 100, ownerEpoch: 9 };
      listener = await links.listen(address, {
        answer_readEvents: async ({ epoch }) => ({
          outcome: { $case: "refusal", value: { ...refusal, ownerEpoch: epoch } },
        }),
      });
      const { outcome } = await links.call(listener.address, "readEvents", request, 10_000);
      assert.deepEqual(outcome, { $case: "refusal", value: { ...refusal, ownerEpoch: 7 } });
    });

    it("gives up a call that fails, takes too long or finds nobody", async () => {
      listener = await links.listen(address, { answer_readEvents: () => new Promise(() => {}) });
      await assert.rejects(links.call(listener.address, "readEvents", request, 1), Unreachable);
      for (const nobody of ["127.0.0.1:1", "", "nowhere"]) {
        await assert.rejects(links.call(nobody, "readEvents", request, 5000), Unreachable);
      }
      const broken = { ...request, minSeq: undefined as unknown as number };
      await assert.rejects(links.call("127.0.0.1:1", "readEvents", broken, 5000), Unreachable);
    });
  });
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}
