/** `12,345` */
export function grouped(number: number): string {
  return Math.round(number).toLocaleString("en-US");
}

/** `1 message`, `2 messages` */
export function counted(number: number, noun: string): string {
  return `${grouped(number)} ${noun}${number === 1 ? "" : "s"}`;
}
