/** Writes a message of about so many bytes that tells when it was sent (ms of a monotonic clock). */
export function timedText(nowMs: number, bytes: number): string {
  return `${nowMs.toFixed(3)} `.padEnd(bytes, "x");
}

/** When a message was sent. @throws Error if it does not tell */
export function sentMs(text: string): number {
  const ms = Number.parseFloat(text);
  if (Number.isNaN(ms)) throw new Error("a message does not tell when it was sent");
  return ms;
}
