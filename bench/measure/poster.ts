import { clockUs, markerText } from "../load/marker.js";
import type { System } from "../systems/system.js";

/** Posts numbered messages, so that those who get them can tell what is missing. */
export class Poster {
  readonly #numbers: Uint32Array;

  constructor(
    private readonly system: System,
    channels: number,
  ) {
    this.#numbers = new Uint32Array(channels);
  }

  /** Posts the channel's next messages in one call. @param timeUs when posting them began, or was due */
  post(channel: number, count = 1, timeUs = clockUs()): Promise<void> {
    const markers = Array.from({ length: count }, () => {
      const number = ++this.#numbers[channel]!;
      return markerText({ channel, number, timeUs });
    });
    return this.system.post(channel, markers);
  }
}
