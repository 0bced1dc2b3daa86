import { sleep } from "../clock/clock.js";
import { Registration, type RegistrationParts } from "./registration.js";

/** Wait before an entry that could not be registered again is tried once more, in ms. */
const againMs = 500;

/** What a lasting registration is made of. */
export type LastingRegistrationParts = Omit<RegistrationParts, "onLost"> & {
  /** Told when the entry was lost, and once it is there again. */
  readonly told: (state: "lost" | "again") => void;
};

/** A registration that begins again whenever its lease was lost, until it is closed. */
export class LastingRegistration {
  readonly #parts: LastingRegistrationParts;
  readonly #abort = new AbortController();
  #present: Registration;

  constructor(parts: LastingRegistrationParts) {
    this.#parts = parts;
    this.#present = this.#create();
  }

  /** Registers; rejects if that fails. */
  start(): Promise<void> {
    return this.#present.start();
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#present.close();
  }

  #create(): Registration {
    return new Registration({ ...this.#parts, onLost: () => void this.#again() });
  }

  async #again(): Promise<void> {
    const { clock, told } = this.#parts;
    const { signal } = this.#abort;
    told("lost");
    while (!signal.aborted) {
      this.#present = this.#create();
      try {
        await this.#present.start();
        return told("again");
      } catch {
        await sleep(clock, againMs, signal);
      }
    }
  }
}
