import { InvalidArgumentError } from "commander";

const usPerSecond = 1_000_000;
/** How a command's channel may be given. */
export const channelHelp = "name, with or without #, or id";
/** How users may be given. */
export const usersHelp = "name, with or without @, or id";
/** How a command's message may be given. */
export const messageHelp = "id in microseconds, or as Slack writes it, like 1700000000.000100";

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

/** Reads a message's id: microseconds, or Slack's `seconds.microseconds`; gives microseconds. */
export function messageId(text: string): number {
  const [, seconds, fraction] = /^(\d{1,10})\.(\d{6})$/.exec(text) ?? [];
  const id = seconds ? Number(seconds) * usPerSecond + Number(fraction) : Number(text);
  if ((seconds || /^\d{1,16}$/.test(text)) && id > 0 && Number.isSafeInteger(id)) return id;
  throw new InvalidArgumentError("Not a message's id, like 1700000000000100 or 1700000000.000100.");
}
