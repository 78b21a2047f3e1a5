// A stretch of time as a person writes it in, milliseconds out; and back.
import { refuse, succeed, type Result } from "../../common/problem.ts";

const MINUTE_MS = 60_000;
const UNITS_MS: Readonly<Record<string, number>> = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: 24 * 60 * MINUTE_MS };
const LONGEST_DAYS = 30;

/** `30m`, `12h` or `3d`. Problems: `bad-span`. */
export function parseSpan(text: string): Result<number> {
  const [, digits = "", unit = ""] = /^([0-9]{1,6})([mhd])$/u.exec(text) ?? [];
  const ms = Number(digits) * (UNITS_MS[unit] ?? 0);
  if (ms === 0)
    return refuse({ code: "bad-span", what: `“${text}” is not a stretch of time`, hint: "write 30m, 12h or 3d" });
  if (ms <= LONGEST_DAYS * 24 * 60 * MINUTE_MS) return succeed(ms);
  return refuse({
    code: "bad-span",
    what: `${text} is longer than ${LONGEST_DAYS} days`,
    hint: `write at most ${LONGEST_DAYS}d; a server that nobody cares for any longer should not run the reconciler at all`,
  });
}

/** `2026-11-23 16:35`, where this server stands. */
export function localTime(unixMs: number): string {
  const date = new Date(unixMs);
  const two = (number: number): string => String(number).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
