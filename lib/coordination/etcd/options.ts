import type { Clock } from "../../clock/clock.js";
import type { Log } from "../../log/log.js";

/** Where etcd is and how to speak with it. */
export interface EtcdTarget {
  /** `http://HOST:PORT` or `https://HOST:PORT` of its members, all alike. */
  readonly endpoints: readonly string[];
  /** In front of every key. */
  readonly prefix: string;
  /** For `https`: whom to trust, and who we are; the system's roots without. PEM. */
  readonly tls?: { readonly ca: Buffer; readonly key?: Buffer; readonly certificate?: Buffer } | undefined;
  readonly user?: { readonly name: string; readonly password: string } | undefined;
}

/** What an `EtcdCoordinator` is made of. */
export interface EtcdParts {
  readonly clock: Clock;
  /** A number from 0 to below 1. */
  readonly random: () => number;
  readonly log: Log;
}

/** Longest wait for the answer to one call, in ms: longer than most elections of etcd's leader (1 to 2 s). */
export const callMsMax = 2500;
/** Longest wait for the answer to one sign of life of a lease, in ms: several fit into a lease's time. */
export const keepAliveMsMax = 1000;
/** Shortest and longest wait before a connection that broke is tried again by the gRPC library, in ms. */
export const reconnectMs = { min: 50, max: 1000 };
/** How often a connection is pinged (etcd hangs up on who does so more often than every 5 s) and patience. */
export const pingMs = { every: 10_000, answerMax: 3000 };
