import type { ServerCredentials } from "@grpc/grpc-js";
import type { Authenticator } from "../../lib/auth/authenticator.js";
import type { Clock } from "../../lib/clock/clock.js";
import type { ConnectFlow } from "../../lib/connect/connect-flow.js";
import type { Log } from "../../lib/log/log.js";
import type { Owners } from "../../lib/owners/owners.js";
import type { CallerLimits } from "../../lib/rate-limit/caller-limits.js";
import type { RpcMeter } from "../../lib/rpc/meter.js";
import type { StreamHandler } from "../../lib/rpc/stream.js";
import type { DirectoryStore } from "../../lib/store/directory-store.js";
import type { LogStore } from "../../lib/store/log-store.js";
import type { Tracing } from "../../lib/tracing/tracing.js";

/** What the admin service works with. */
export interface AdminParts {
  readonly authenticator: Pick<Authenticator, "authenticate">;
  readonly connectFlow: Pick<ConnectFlow, "connect">;
  readonly directory: DirectoryStore;
  /** Which conversations a user is a member of, as projected from their logs. */
  readonly memberships: Pick<LogStore, "readUserChannels">;
  readonly owners: Owners;
  readonly clock: Clock;
  /** A number from 0 to below 1; ids are made of them, never secrets. */
  readonly random: () => number;
  readonly log: Log;
  /** `Realtime.Subscribe`, where a gateway of this process offers it. */
  readonly subscribe?: StreamHandler;
  /** Bounds what callers ask; nothing does without. */
  readonly limits?: Pick<CallerLimits, "call">;
  readonly rpcMeter?: RpcMeter;
  /** Plain text unless given. */
  readonly credentials?: ServerCredentials | undefined;
  /** Gives calls their traces; without, they have none. */
  readonly tracing?: Tracing;
}
