import { setTimeout as wait } from "node:timers/promises";

const pollMs = 25;
const waitMsMax = 20_000;

/** Asks again until there is no reason why not, and fails with the last one. */
export async function until(whyNot: () => Promise<string | undefined> | string | undefined): Promise<void> {
  for (let ms = 0; ; ms += pollMs) {
    const reason = await whyNot();
    if (reason === undefined) return;
    if (ms > waitMsMax) throw new Error(reason);
    await wait(pollMs);
  }
}
