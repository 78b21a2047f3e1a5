// `Mon-Fri 20:00-05:00` in; the days and minutes that it means, or what is wrong with it, out.
import { succeed, refuse } from "../../common/problem.ts";
import type { Result } from "../../common/problem.ts";
import type { Hours } from "../model/window.ts";
import { quoted } from "./words.ts";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
const FORM = 'write days and hours: "Mon-Fri 20:00-05:00", or hours of every day: "22:00-04:00"';

/** The problem has no place: whoever asks knows it. */
export function parseHours(text: string): Result<Hours> {
  const [, dayText, from, to] = /^(?:(\S+) +)?(\S+?) ?- ?(\S+)$/u.exec(text.trim()) ?? [];
  if (from === undefined || to === undefined) return badHours(`${quoted(text)} is not days and hours`);
  const days = dayText === undefined ? EVERY_DAY : daysOf(dayText);
  if (days === undefined) return badHours(`${quoted(dayText ?? "")} names no days`);
  const [fromMinute, toMinute] = [minuteOf(from), minuteOf(to)];
  if (fromMinute === undefined || fromMinute === MINUTES) return badHours(`${quoted(from)} is not an hour of a day`);
  if (toMinute === undefined) return badHours(`${quoted(to)} is not an hour of a day`);
  return succeed({ days, fromMinute, toMinute });
}

/** `Mon`, `Mon-Fri`, `Fri-Mon`, `Sat,Sun`; in any letters, large or small. */
function daysOf(text: string): number[] | undefined {
  const found = text.split(",").map((part) => {
    const [from = -1, to = from, more] = part.split("-").map((name) => DAYS.indexOf(name.toLowerCase()));
    return from < 0 || to < 0 || more !== undefined ? undefined : between(from, to);
  });
  if (found.includes(undefined)) return undefined;
  return [...new Set(found.flatMap((days) => days ?? []))].sort();
}

function between(from: number, to: number): number[] {
  const count = ((to - from + DAYS.length) % DAYS.length) + 1;
  return Array.from({ length: count }, (_, index) => (from + index) % DAYS.length);
}

const MINUTES = 24 * 60;

function minuteOf(text: string): number | undefined {
  const [, hour, minute] = /^(\d{1,2}):([0-5]\d)$/u.exec(text) ?? [];
  const minutes = Number(hour) * 60 + Number(minute);
  return minutes <= MINUTES ? minutes : undefined;
}

function badHours(what: string): Result<Hours> {
  return refuse({ code: "bad-hours", what, hint: FORM });
}
