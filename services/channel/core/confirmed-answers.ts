import { type Asker, type Outcome, refused } from "./answers.js";

/** Most answers that wait for a confirm. */
const waitingAnswersMax = 8192;

/**
 * Answers that write nothing: refusals, and places of what was done before. They are as good as the state
 * that they were decided on, so each waits for a confirm that begins after that: a fenced owner does not know
 * what its successor has confirmed, and would refuse for good what is allowed by then.
 */
export class ConfirmedAnswers {
  readonly #waiting = new Set<Asker>();

  /**
   * @param answer gives an answer
   * @param confirm calls once a confirm that began after the call has found no fence; many calls share one
   */
  constructor(
    private readonly answer: (asker: Asker, outcome: Outcome) => void,
    private readonly confirm: (call: () => void) => void,
  ) {}

  /** Gives the answer when it is confirmed. */
  add(asker: Asker, outcome: Outcome): void {
    if (this.#waiting.size >= waitingAnswersMax) return this.answer(asker, refused("overloaded"));
    this.#waiting.add(asker);
    this.confirm(() => {
      if (this.#waiting.delete(asker)) this.answer(asker, outcome);
    });
  }

  /** Gives this answer to all that wait for another one. */
  close(outcome: Outcome): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const asker of waiting) this.answer(asker, outcome);
  }
}
