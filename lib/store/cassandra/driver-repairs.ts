import type { Client, Host } from "cassandra-driver";

/** What the driver has and does not document. */
interface Internals {
  readonly controlConnection: { _refresh(...args: readonly unknown[]): Promise<void> };
}

interface Pool {
  /** Ends its connections: for good, or with `waitForPending` until the next time. */
  shutdown(waitForPending: boolean): Promise<void>;
}

/**
 * Mends two faults of the driver (4.10.0), both of when all nodes are gone for a while.
 *
 * When one is back, it makes a new object for it and forgets the old one, which would go on connecting for
 * ever. And a look at the cluster that is overtaken by another one rejects where nobody waits, which ends the
 * process; the other one goes on.
 */
export function repair(client: Client): Client {
  client.on("hostRemove", (host: Host & Pool) => void host.shutdown(false).catch(() => {}));
  const { controlConnection } = client as Client & Internals;
  const refresh = controlConnection._refresh.bind(controlConnection);
  controlConnection._refresh = (...args) =>
    refresh(...args).catch((error) => void client.emit("log", "warning", "ControlConnection", error.message));
  return client;
}
