import type { Heartbeat } from "../../gen/confab/mesh/v1/ring.js";
import type { Clock } from "../../lib/clock/clock.js";
import type { Links, Listener } from "../../lib/links/links.js";

/** A member as far as it gives signs of life, for tests of charm. */
export class StageMember {
  /** It hangs: it is there and says nothing. */
  silent = false;
  /** How far its clock is ahead, in ms. */
  offsetMs = 0;
  /** Times that it was told that it is fenced. */
  toldFenced = 0;
  /** Times that it was asked for a sign of life. */
  asked = 0;
  #listener: Listener | undefined;

  /** It is there, but not registered. */
  static async begin(links: Links, clock: Clock, address: string, incarnation: string): Promise<StageMember> {
    const member = new StageMember();
    member.#listener = await links.listen(address, {
      accept_beat: (link) => ({
        received: ({ number, fenced }: Heartbeat) => {
          member.asked++;
          if (fenced) member.toldFenced++;
          if (member.silent) return;
          link.send({ number, incarnation, clockUs: Math.floor((clock.now() + member.offsetMs) * 1000) });
        },
        closed: () => {},
      }),
    });
    return member;
  }

  /** Its process ends: streams break, and nobody listens there any more. */
  async die(): Promise<void> {
    await this.#listener?.close();
    this.#listener = undefined;
  }
}
