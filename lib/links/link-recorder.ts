import type { CommandFrame } from "../../gen/confab/mesh/v1/write.js";
import type { LinkEnd } from "./links.js";

/** A frame of one command, which does nothing. */
export function frameOf(number: number): CommandFrame {
  const command = { number, channelId: "C0123456789AB", epoch: 1, author: "U0123456789AB" };
  return { commands: [{ ...command, firstAttempt: true, deadlineUs: 0, action: undefined }] };
}

/** The numbers of the frames' first commands. */
export function numbersOf(frames: readonly CommandFrame[]): (number | undefined)[] {
  return frames.map(({ commands }) => commands[0]?.number);
}

/** An end that keeps what it is told. */
export function recorder<Frame>() {
  const frames: Frame[] = [];
  let closings = 0;
  let wake = () => {};
  let isClosed = (_reason: string) => {};
  const closed = new Promise<string>((resolve) => {
    isClosed = resolve;
  });
  const end: LinkEnd<Frame> = {
    received(frame) {
      frames.push(frame);
      wake();
    },
    closed(reason) {
      closings++;
      isClosed(reason);
    },
  };
  const until = async (count: number) => {
    while (frames.length < count) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return frames;
  };
  return { end, frames, closed, until, closings: () => closings };
}
