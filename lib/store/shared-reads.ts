/**
 * Lets equal reads share one query, for as long as it has not begun. Never longer: who asks later may not get
 * an answer that is older than the question. An owner notes what of a channel is not projected yet when it
 * asks, and puts that over the answer; an answer from before would lack what was projected in between.
 */
export class SharedReads {
  readonly #waiting = new Map<string, Promise<unknown>>();

  /**
   * @param name tells a kind of read from others; with the arguments it says what is read
   * @param query asks; it calls `begun` before anything is sent
   */
  read<Value>(
    name: string,
    args: readonly (string | number | boolean)[],
    query: (begun: () => void) => Promise<Value>,
  ): Promise<Value> {
    const key = JSON.stringify([name, ...args]);
    const waiting = this.#waiting.get(key) as Promise<Value> | undefined;
    if (waiting) return waiting.then(copyOf);
    let isOver = false;
    const begun = () => {
      if (!isOver) this.#waiting.delete(key);
      isOver = true;
    };
    const asked = query(begun).finally(begun);
    if (!isOver) this.#waiting.set(key, asked);
    return asked.then(copyOf);
  }
}

/** Those who share rows may each sort or empty the list of them. */
function copyOf<Value>(value: Value): Value {
  return Array.isArray(value) ? ([...value] as Value) : value;
}
