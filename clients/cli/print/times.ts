const usPerSecond = 1_000_000;

/** A message id as Slack writes it: seconds and six digits of a second, `1700000000.000100`. */
export function slackTs(id: number): string {
  return `${Math.floor(id / usPerSecond)}.${String(id % usPerSecond).padStart(6, "0")}`;
}

/** Local time of an id, `2026-01-31 09:05:07`. */
export function localTime(id: number): string {
  const at = new Date(id / 1000);
  const two = (number: number) => String(number).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
