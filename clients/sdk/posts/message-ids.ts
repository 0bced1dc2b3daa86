const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
/** 80 random bits tell clients apart; only the ids of one author in one channel have to differ. */
const prefixLength = 16;

/** Makes the ids of a client's messages. */
export class MessageIds {
  readonly #prefix: string;
  #count = 0;

  /** @param random a number from 0 to below 1 */
  constructor(random: () => number) {
    this.#prefix = Array.from({ length: prefixLength }, () => alphabet[Math.floor(random() * 32)]).join("");
  }

  next(): string {
    this.#count += 1;
    return `${this.#prefix}-${this.#count}`;
  }
}
