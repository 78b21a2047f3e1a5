// Moments as people on site say them.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `2026-11-23 16:35`, by this server's own clock and zone. */
export function localTime(atMs: number): string {
  const date = new Date(atMs);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join("-");
  return `${day} ${[date.getHours(), date.getMinutes()].map(twoDigits).join(":")}`;
}

/** `2026-11-23 16:35 (2 h ago)`. A clock that was set back makes no one wait for the past. */
export function past(atMs: number, nowMs: number): string {
  const passedMs = nowMs - atMs;
  return passedMs < 0
    ? localTime(atMs)
    : `${localTime(atMs)} (${passedMs < MINUTE ? "just now" : `${span(passedMs)} ago`})`;
}

/** `in 12 min (16:35)`, or `now`. */
export function soon(atMs: number, nowMs: number): string {
  const leftMs = atMs - nowMs;
  if (leftMs < 1000) return "now";
  return `in ${leftMs < MINUTE ? `${Math.round(leftMs / 1000)} s` : span(leftMs)} (${localTime(atMs).slice(-5)})`;
}

/** `5 min`, `2 h`, `3 days`. */
function span(ms: number): string {
  if (ms < 2 * HOUR) return `${Math.floor(ms / MINUTE)} min`;
  return ms < 2 * DAY ? `${Math.floor(ms / HOUR)} h` : `${Math.floor(ms / DAY)} days`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}
