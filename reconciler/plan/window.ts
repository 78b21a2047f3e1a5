// A window, the calendars and the time in; whether it is open, or when it opens next, out. Its guards ask the server
// and are looked at elsewhere.
import type { Calendar, Hours, Window } from "../model/window.ts";
import { offsetMs } from "./zone.ts";

/** `untilMs`: Unix milliseconds at which it opens; left out when it does not within MOST_DAYS. */
export type Opening = { readonly open: true } | { readonly open: false; readonly untilMs?: number };

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const DAY_MS = DAY_MINUTES * MINUTE_MS;
const MOST_DAYS = 400;

export function isOpen(window: Window, calendars: ReadonlyMap<string, Calendar>, nowMs: number): Opening {
  const opens = (localMs: number): boolean => isHour(window, localMs) && isDay(window, calendars, localMs);
  if (opens(nowMs + offsetMs(window.zone, nowMs))) return { open: true };
  const untilMs = nextOpening(window, opens, nowMs);
  return untilMs === undefined ? { open: false } : { open: false, untilMs };
}

/**
 * Goes from stretch to stretch in which the zone's clock runs evenly, and in each of them from one local time at which
 * something may begin to the next: so a gap in spring and a double hour in autumn need no thought of their own.
 */
function nextOpening(window: Window, opens: (localMs: number) => boolean, nowMs: number): number | undefined {
  const marks = marksOf(window);
  const endMs = nowMs + MOST_DAYS * DAY_MS;
  for (let fromMs = nowMs; fromMs < endMs;) {
    const offset = offsetMs(window.zone, fromMs);
    const toMs = endOfStretch(window.zone, fromMs, offset);
    const found = momentsIn(marks, fromMs + offset, toMs + offset).find(opens);
    if (found !== undefined) return found - offset;
    fromMs = toMs;
  }
  return undefined;
}

/** Minutes of the day at which it may open: a day of a calendar begins or ends at midnight. */
function marksOf({ hours }: Window): number[] {
  return [...new Set([0, ...hours.map(({ fromMinute }) => fromMinute)])].sort((one, other) => one - other);
}

/** The start of the stretch, where the clock may have jumped into the window, and every mark in it, in local time. */
function momentsIn(marks: readonly number[], fromMs: number, toMs: number): number[] {
  const moments = [fromMs];
  for (let midnight = Math.floor(fromMs / DAY_MS) * DAY_MS; midnight < toMs; midnight += DAY_MS) {
    moments.push(...marks.map((minute) => midnight + minute * MINUTE_MS).filter((ms) => ms > fromMs && ms < toMs));
  }
  return moments;
}

/** A day later, or where the clock is put forward or back before that. */
function endOfStretch(zone: string, fromMs: number, offset: number): number {
  let [before, after] = [fromMs, fromMs + DAY_MS];
  if (offsetMs(zone, after) === offset) return after;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetMs(zone, middle) === offset) before = middle;
    else after = middle;
  }
  return after;
}

function isHour({ hours }: Window, localMs: number): boolean {
  return hours.length === 0 || hours.some((one) => isWithin(one, localMs));
}

function isWithin({ days, fromMinute, toMinute }: Hours, localMs: number): boolean {
  const minute = Math.floor((localMs % DAY_MS) / MINUTE_MS);
  const today = weekday(localMs);
  if (fromMinute < toMinute) return days.includes(today) && minute >= fromMinute && minute < toMinute;
  const yesterday = (today + 6) % 7;
  return (days.includes(today) && minute >= fromMinute) || (days.includes(yesterday) && minute < toMinute);
}

/** 0 is Monday; the first day of Unix time was a Thursday. */
function weekday(localMs: number): number {
  return (Math.floor(localMs / DAY_MS) + 3) % 7;
}

function isDay({ notDuring, onlyDuring }: Window, calendars: ReadonlyMap<string, Calendar>, localMs: number): boolean {
  const day = new Date(localMs).toISOString().slice(0, "2026-11-23".length);
  const has = (name: string): boolean =>
    calendars.get(name)?.spans.some(({ from, to }) => from <= day && day <= to) ?? false;
  return !notDuring.some(has) && (onlyDuring.length === 0 || onlyDuring.some(has));
}
