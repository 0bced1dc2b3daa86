/** The middle of some numbers. @throws Error without any */
export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}

/** The number that a share of the numbers does not exceed, by nearest rank. @throws Error without any */
export function quantile(numbers: readonly number[] | Float64Array, share: number): number {
  const sorted = Float64Array.from(numbers).sort();
  const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (found === undefined) throw new Error("there are no numbers");
  return found;
}

/** Rounds a figure for people. */
export function round(number: number, digits = 1): number {
  return Number(number.toFixed(digits));
}
