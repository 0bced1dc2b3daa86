import type { Clock, Timer } from "../clock/clock.js";
import { ConfabError } from "../errors/errors.js";
import { type Coordinator, type Entry, type Lease, LeaseLost, type Watch } from "./coordinator.js";
import { keepAliveMs, leaseTtlMs } from "./lease-times.js";

/** What a registration is made of. */
export interface RegistrationParts {
  readonly clock: Clock;
  readonly coordinator: Coordinator;
  /** What others see of the server. */
  readonly entry: { readonly key: string; readonly value: string };
  /** Whether an entry with this value, found under the key, may be replaced. */
  readonly mayReplace: (value: string) => boolean;
  /** Called once when the lease is gone, or the entry is, or is another's. */
  readonly onLost: () => void;
}

/** The key has an entry that may not be replaced: somebody else lives under it. */
export class Occupied extends ConfabError {
  constructor(
    key: string,
    /** What is there. */
    readonly value: string,
  ) {
    super("unavailable", key, `${key} is held by another life: ${value}`);
  }
}

/**
 * Keeps a server's entry in the coordinator for as long as it lives. Silence of the coordinator does not
 * end it: while it cannot answer, it cannot tell anybody that the server is gone either.
 *
 * The entry is put in place of what was read before and of nothing else, as a put without an answer may
 * commit much later: it would replace a newer entry, and take it away when its own lease ends.
 */
export class Registration {
  readonly #parts: RegistrationParts;
  #lease: Lease | undefined;
  /** What is under the key, and its revision; undefined before that. */
  #present: { readonly value: string; readonly revision: number } | undefined;
  /** Revisions of what was there of this registration before: a watch may tell late of them. */
  readonly #former = new Set<number>();
  /** What the entry is to be replaced by. */
  #next: string | undefined;
  #watch: Watch | undefined;
  #timer: Timer | undefined;
  #starting: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #closed = false;

  constructor(parts: RegistrationParts) {
    this.#parts = parts;
  }

  /**
   * Registers, in place of an earlier entry; rejects if that fails or it is closed meanwhile, with `Occupied`
   * if what is there may not be replaced.
   */
  start(): Promise<void> {
    this.#starting ??= this.#register();
    return this.#starting;
  }

  /**
   * Puts another value under the key, for as long as this registration holds it. Rejects if it does not any
   * more, or the coordinator does not answer: then it may be there, and another try does no harm.
   */
  async update(value: string): Promise<void> {
    const { coordinator, entry } = this.#parts;
    this.#checkOpen();
    const [lease, present] = [this.#lease, this.#present];
    if (!lease || !present) throw new ConfabError("unavailable", entry.key, "not registered yet");
    this.#next = value;
    const when = [{ key: entry.key, revision: present.revision }];
    const revision = await coordinator.transact({ when, put: [{ key: entry.key, value, lease }] });
    this.#checkOpen();
    if (revision !== undefined) this.#replaced({ value, revision });
    else if (this.#present?.value !== value) throw new ConfabError("unavailable", entry.key, "not there");
  }

  /** Takes the entry away at once, as far as the coordinator can be reached; else when the lease ends. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #register(): Promise<void> {
    const { coordinator, entry } = this.#parts;
    this.#checkOpen();
    let seen = await this.#replaceable();
    this.#checkOpen();
    const lease = await coordinator.grantLease(leaseTtlMs);
    this.#lease = lease;
    try {
      for (;;) {
        this.#checkOpen();
        const when = [{ key: entry.key, revision: seen }];
        const revision = await coordinator.transact({ when, put: [{ ...entry, lease }] });
        this.#checkOpen();
        if (revision !== undefined) return this.#live(lease, revision);
        seen = await this.#replaceable();
      }
    } catch (error) {
      await this.#leave();
      throw error;
    }
  }

  /** Revision of the entry that is there and may be replaced; 0: there is none. */
  async #replaceable(): Promise<number> {
    const { coordinator, entry, mayReplace } = this.#parts;
    const present = (await coordinator.read(entry.key)).find(({ key }) => key === entry.key);
    if (present && !mayReplace(present.value)) throw new Occupied(entry.key, present.value);
    return present?.revision ?? 0;
  }

  #live(lease: Lease, revision: number): void {
    const { coordinator, entry } = this.#parts;
    this.#present = { value: entry.value, revision };
    const isOurs = (found: Entry) => found.key === entry.key && this.#isOwn(found);
    this.#keepAliveLater(lease);
    // Begun after the entry was put, the watch knows of it from its first snapshot on.
    this.#watch = coordinator.watch(entry.key, {
      snapshot: (entries) => {
        if (!entries.some(isOurs)) this.#lost();
      },
      changed: (puts, removed) => {
        const replaced = puts.some((present) => present.key === entry.key && !isOurs(present));
        if (replaced || removed.includes(entry.key)) this.#lost();
      },
    });
  }

  /** Whether what was found is what this registration has put; a put without an answer may show first. */
  #isOwn({ value, revision }: Entry): boolean {
    if (revision > this.#present!.revision && value === this.#next) this.#replaced({ value, revision });
    return revision === this.#present!.revision || this.#former.has(revision);
  }

  #replaced(present: { readonly value: string; readonly revision: number }): void {
    if (this.#present) this.#former.add(this.#present.revision);
    this.#present = present;
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
    void this.#leave();
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
    this.#watch?.cancel();
    await this.#lease?.revoke().catch(() => {});
  }

  #checkOpen(): void {
    if (this.#closed) throw new ConfabError("unavailable", "", "the registration was closed");
  }
}
