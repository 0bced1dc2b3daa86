/** Waited after the first failure, in milliseconds. */
const retryMsMin = 50;
/** Longest wait between two tries, in milliseconds. */
const retryMsMax = 2000;

/** How many milliseconds to wait after so many failures in a row, from 1 on: doubling up to 2 s. */
export function backoffMs(failures: number): number {
  return Math.min(retryMsMax, retryMsMin * 2 ** (failures - 1));
}
