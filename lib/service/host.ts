import { hostname } from "node:os";
import type { Clock } from "../clock/clock.js";
import { systemClock } from "../clock/system-clock.js";
import type { Coordinator } from "../coordination/coordinator.js";
import { openCoordinator } from "../coordination/open-coordinator.js";
import { ConfabError } from "../errors/errors.js";
import type { Log } from "../log/log.js";
import { createLog } from "../log/pino-log.js";
import { Metrics } from "../metrics/metrics.js";
import { ProcessMetrics } from "../metrics/process-metrics.js";
import { openStore } from "../store/open-store.js";
import type { Store } from "../store/store.js";
import type { Identity, ServiceName } from "../tls/identity.js";
import { openTracing } from "../tracing/open-tracing.js";
import type { Tracing } from "../tracing/tracing.js";
import { Closers } from "./closers.js";
import type { ProgramConfig } from "./config.js";

/** What a service runs on that is alone in its process. */
export class Host {
  readonly clock: Clock = systemClock;
  readonly random = Math.random;
  readonly log: Log;
  /** Of the service and of its process. */
  readonly metrics = new Metrics();
  readonly identity: Identity | undefined;
  /** Of the service. */
  readonly tracing: Tracing;
  readonly #closers: Closers;

  constructor(
    private readonly config: ProgramConfig,
    /** In every line of the log. */
    names: { readonly service: ServiceName; readonly member?: string },
  ) {
    this.identity = config.identity;
    this.log = createLog(config.logLevel, names);
    this.#closers = new Closers(this.log);
    this.closeLater(new ProcessMetrics(this.metrics, this.clock));
    const { service, member: instance = `${hostname()}-${process.pid}` } = names;
    // Closed after all that is traced.
    this.tracing = this.closeLater(openTracing(config, { service, instance }, this)).tracing;
  }

  /** Opens etcd, until the end. @throws ConfabError with the reason if it cannot be used */
  async openCoordinator(): Promise<Coordinator> {
    const config = { coordinator: "etcd" as const, etcd: this.config.etcd };
    return this.closeLater(await openCoordinator(config, this));
  }

  /** Opens Cassandra, until the end. @throws ConfabError with the reason if it cannot be used */
  async openStore(): Promise<Store> {
    const { clock, random, log, metrics } = this;
    const config = { store: "cassandra" as const, cassandra: this.config.cassandra };
    return this.closeLater(await openStore(config, { folder: "", clock, random, log, metrics }));
  }

  /**
   * Sees to it that a part is closed at the end, after those that are named later.
   *
   * @throws ConfabError if the end has come while the part was made; the part is closed then
   */
  closeLater<Part extends { close(): Promise<void> | void }>(part: Part): Part {
    const isLate = this.#closers.isClosing;
    this.#closers.add(() => part.close());
    if (isLate) throw new ConfabError("unavailable", "", "the process ends");
    return part;
  }

  /** Ends everything in the reverse order of its start; never rejects. */
  close(): Promise<void> {
    return this.#closers.close();
  }
}
