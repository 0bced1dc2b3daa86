/** What can be given a number. */
export interface Numbered {
  /** -1 while it has none. */
  number: number;
}

/** Gives things numbers from 0 on, small ones again as soon as they are free, and finds them by those. */
export class Numbers<Thing extends Numbered> {
  readonly #things: (Thing | undefined)[] = [];
  readonly #free: number[] = [];

  /** How many numbers were ever in use at once. */
  get end(): number {
    return this.#things.length;
  }

  /** What has this number. */
  get(number: number): Thing {
    return this.#things[number]!;
  }

  /** Its number, which it is given if it has none. */
  of(thing: Thing): number {
    if (thing.number >= 0) return thing.number;
    const number = this.#free.pop() ?? this.#things.length;
    this.#things[number] = thing;
    thing.number = number;
    return number;
  }

  takeBack(thing: Thing): void {
    this.#things[thing.number] = undefined;
    this.#free.push(thing.number);
    thing.number = -1;
  }
}
