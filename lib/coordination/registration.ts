import type { Clock, Timer } from "../clock/clock.js";
import { ConfabError } from "../errors/errors.js";
import { type Coordinator, type Lease, LeaseLost } from "./coordinator.js";
import { keepAliveMs, leaseTtlMs } from "./lease-times.js";

/** What a registration is made of. */
export interface RegistrationParts {
  readonly clock: Clock;
  readonly coordinator: Coordinator;
  /** What others see of the server. */
  readonly entry: { readonly key: string; readonly value: string };
  /** Called once when the lease is gone, and the entry with it. */
  readonly onLost: () => void;
}

/**
 * Keeps a server's entry in the coordinator for as long as it lives. Silence of the coordinator does not
 * end it: while it cannot answer, it cannot tell anybody that the server is gone either.
 */
export class Registration {
  readonly #parts: RegistrationParts;
  #lease: Lease | undefined;
  #timer: Timer | undefined;
  #starting: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #closed = false;

  constructor(parts: RegistrationParts) {
    this.#parts = parts;
  }

  /** Registers, in place of an earlier entry; rejects if that fails or it is closed meanwhile. */
  start(): Promise<void> {
    this.#starting ??= this.#register();
    return this.#starting;
  }

  /** Takes the entry away at once, as far as the coordinator can be reached; else when the lease ends. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #register(): Promise<void> {
    const { coordinator, entry } = this.#parts;
    this.#checkOpen();
    this.#lease = await coordinator.grantLease(leaseTtlMs);
    try {
      this.#checkOpen();
      await coordinator.transact({ put: [{ ...entry, lease: this.#lease }] });
      this.#checkOpen();
    } catch (error) {
      await this.#leave();
      throw error;
    }
    this.#keepAliveLater(this.#lease);
  }

  #keepAliveLater(lease: Lease): void {
    this.#timer = this.#parts.clock.after(keepAliveMs, () => void this.#keepAlive(lease));
  }

  async #keepAlive(lease: Lease): Promise<void> {
    try {
      await lease.keepAlive();
    } catch (error) {
      if (error instanceof LeaseLost) return this.#lost();
    }
    if (!this.#closed) this.#keepAliveLater(lease);
  }

  #lost(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#parts.onLost();
  }

  async #end(): Promise<void> {
    this.#closed = true;
    await this.#starting?.catch(() => {});
    await this.#leave();
  }

  async #leave(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#lease?.revoke().catch(() => {});
  }

  #checkOpen(): void {
    if (this.#closed) throw new ConfabError("unavailable", "", "the registration was closed");
  }
}
