/** What is counted: adding to it is one addition, and it is read only when somebody looks. */
export class Count {
  value = 0;

  add(count: number): void {
    this.value += count;
  }
}

/** What is counted by the values of one label. */
export class Tally {
  readonly counts: Map<string, number>;

  /** @param values known beforehand: they are counted from 0, so that the first one shows as a rise */
  constructor(values: readonly string[] = []) {
    this.counts = new Map(values.map((value) => [value, 0]));
  }

  add(value: string, count: number): void {
    this.counts.set(value, (this.counts.get(value) ?? 0) + count);
  }
}
