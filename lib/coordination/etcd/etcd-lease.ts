import type { Etcd3 } from "etcd3";
import { ConfabError } from "../../errors/errors.js";
import { type Lease, LeaseLost } from "../coordinator.js";
import type { Endpoints } from "./endpoints.js";
import { keepAliveMsMax } from "./options.js";

/** Longest lease, in ms. */
const ttlMsMax = 24 * 3600 * 1000;

/**
 * Grants a lease. etcd counts in whole seconds and lengthens what is shorter than its election timeout
 * permits (2 s as it comes).
 *
 * @throws ConfabError `invalid_argument` unless it is above 0 and at most a day
 */
export async function grantEtcdLease(endpoints: Endpoints, ttlMs: number): Promise<Lease> {
  if (!(ttlMs > 0 && ttlMs <= ttlMsMax)) throw new ConfabError("invalid_argument", "ttlMs");
  const ttlSeconds = Math.ceil(ttlMs / 1000);
  const { ID } = await endpoints.repeatable(({ leaseClient }) => leaseClient.leaseGrant({ TTL: ttlSeconds }));
  return {
    // Ids have more digits than numbers can hold.
    id: ID,
    keepAlive: () => endpoints.repeatable((client) => keepAlive(client, ID)),
    revoke: async () => {
      try {
        await endpoints.repeatable(({ leaseClient }) => leaseClient.leaseRevoke({ ID }));
      } catch (error) {
        if (!(error instanceof LeaseLost)) throw error;
      }
    },
  };
}

/** One sign of life. Only etcd's word that the lease has no time left makes it lost. */
async function keepAlive({ leaseClient }: Etcd3, id: string): Promise<void> {
  const stream = await leaseClient.leaseKeepAlive({ deadline: Date.now() + keepAliveMsMax });
  const answer = new Promise<string>((resolve, reject) => {
    stream.on("data", ({ TTL }) => resolve(TTL));
    stream.on("error", reject);
    stream.on("end", () => reject(new ConfabError("unavailable", "", "etcd hung up on a lease")));
  });
  stream.write({ ID: id });
  try {
    if ((await answer) === "0") throw new LeaseLost(`lease ${id} has expired or was revoked`);
  } finally {
    stream.end();
  }
}
