import { sleep } from "../clock/clock.js";
import { Registration, type RegistrationParts } from "./registration.js";

/** Wait before an entry that could not be registered again is tried once more, in ms. */
const againMs = 500;

/** What a lasting registration is made of. */
export type LastingRegistrationParts = Omit<RegistrationParts, "onLost"> & {
  /** Told when the entry was lost, and once it is there again. */
  readonly told: (state: "lost" | "again") => void;
};

/**
 * A registration that begins again whenever it was lost, until it is closed. Then it replaces nobody but
 * itself: two that hold one key do not take it from each other in turns.
 */
export class LastingRegistration {
  readonly #parts: LastingRegistrationParts;
  readonly #abort = new AbortController();
  #present: Registration;

  constructor(parts: LastingRegistrationParts) {
    this.#parts = parts;
    this.#present = this.#create(parts.mayReplace);
  }

  /** Registers; rejects if that fails. */
  start(): Promise<void> {
    return this.#present.start();
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#present.close();
  }

  #create(mayReplace: (value: string) => boolean): Registration {
    return new Registration({ ...this.#parts, mayReplace, onLost: () => void this.#again() });
  }

  async #again(): Promise<void> {
    const { clock, told, entry } = this.#parts;
    const { signal } = this.#abort;
    told("lost");
    while (!signal.aborted) {
      this.#present = this.#create((value) => value === entry.value);
      try {
        await this.#present.start();
        return told("again");
      } catch {
        await sleep(clock, againMs, signal);
      }
    }
  }
}
