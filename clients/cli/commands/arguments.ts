import { InvalidArgumentError } from "commander";

/** Longest time that a flag may name, in seconds. */
const secondsMax = 1_000_000;

/** Reads a whole number from a least to a most. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d{1,16}$/.test(text) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`Not a whole number from ${min} to ${max}.`);
  };
}

/** Reads seconds, with fractions; gives milliseconds. */
export function secondsAsMs(text: string): number {
  const seconds = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && seconds > 0 && seconds <= secondsMax) return seconds * 1000;
  throw new InvalidArgumentError(`Not a number of seconds above 0, up to ${secondsMax}.`);
}
