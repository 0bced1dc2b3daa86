import type { Clock } from "../../../lib/clock/clock.js";
import { ConfabError } from "../../../lib/errors/errors.js";
import type { Owners } from "../../../lib/owners/owners.js";
import type { Host } from "../mesh/host.js";
import type { Admin } from "../mesh/mesh.js";
import type { Network } from "../network.js";
import type { FirstAttempts } from "./first-attempts.js";

/** How much longer (ms) than its deadline a call is waited for. */
const graceMs = 500;

/** What callers of the API do to an admin service, over a network that forgets them when it dies. */
export class Api {
  constructor(
    private readonly network: Network,
    private readonly admins: readonly Host<Admin>[],
    private readonly firstAttempts: FirstAttempts,
  ) {}

  /**
   * Has an admin do something. Rejects with `unavailable` if it is not there, with `deadline_exceeded` if
   * no answer comes.
   *
   * @param deadlineMs how long the caller gives it
   */
  ask<Answer>(
    deadlineMs: number,
    act: (owners: Owners, deadline: number, clock: Clock) => Promise<Answer>,
    admin = this.network.random.pick(this.admins),
  ): Promise<Answer> {
    const { network } = this;
    const { scheduler } = network.world;
    return new Promise((resolve, reject) => {
      const timer = scheduler.schedule(deadlineMs + graceMs, "api call times out", () => {
        reject(new ConfabError("deadline_exceeded"));
      });
      const answer = (settle: () => void) => {
        scheduler.schedule(network.latency(), "api answer", () => {
          timer.cancel();
          settle();
        });
      };
      scheduler.schedule(network.latency(), "api call", () => {
        const { process } = admin;
        if (!process) return answer(() => reject(new ConfabError("unavailable")));
        process.node.schedule(0, "api call", () => {
          const { program } = admin;
          if (!program) return answer(() => reject(new ConfabError("unavailable")));
          const owners = this.firstAttempts.watch(program.owners);
          act(owners, process.clock.now() + deadlineMs, process.clock).then(
            (value) => answer(() => resolve(value)),
            (error: unknown) => answer(() => reject(error)),
          );
        });
      });
    });
  }
}
