// Rules for `windows:` and `calendars:` of one file.
import { nearest } from "../../../common/nearest.ts";
import type { Problem } from "../../../common/problem.ts";
import { parseHours } from "../hours.ts";
import type { Layer } from "../layer.ts";
import { entriesOf } from "../nullable.ts";
import { pointer } from "../pointer.ts";
import { quoted } from "../words.ts";
import { hoursIn } from "../wishes/window.ts";

export function zonesExist(layer: Layer): Problem[] {
  return entriesOf(layer.says.windows).flatMap(([name, { zone }]) => {
    if (!zone || isZone(zone)) return [];
    const near = zone.length > 100 ? undefined : nearest(zone, Intl.supportedValuesOf("timeZone"));
    const hint = near === undefined ? "write an IANA name, such as America/Lima" : `did you mean ${near}?`;
    const where = layer.place(pointer("windows", name, "zone"));
    return [{ code: "unknown-zone", where, what: `there is no time zone ${quoted(zone)}`, hint }];
  });
}

export function hoursAreReadable(layer: Layer): Problem[] {
  return entriesOf(layer.says.windows).flatMap(([name, window]) =>
    hoursIn(window).flatMap((text, index) => {
      const parsed = parseHours(text);
      const item = typeof window.hours === "string" ? [] : [String(index)];
      const where = layer.place(pointer("windows", name, "hours", ...item));
      return parsed.ok ? [] : parsed.problems.map((problem) => ({ ...problem, where }));
    }),
  );
}

export function daysExist(layer: Layer): Problem[] {
  return entriesOf(layer.says.calendars).flatMap(([calendar, spans]) =>
    entriesOf(spans).flatMap(([name, { from, to }]) => {
      const place = (word: string) => layer.place(pointer("calendars", calendar, name, word));
      const missing = Object.entries({ from, to }).filter(([, day]) => !isDay(day));
      if (missing.length > 0) return missing.map(([word, day]) => noSuchDay(place(word), day));
      if (from <= to) return [];
      const hint = `write the first day first: {from: ${to}, to: ${from}}`;
      return [{ code: "bad-day", where: place("to"), what: `${to} is before ${from}`, hint }];
    }),
  );
}

function noSuchDay(where: Problem["where"], day: string): Problem {
  const what = `there is no day ${day}`;
  return { code: "bad-day", ...(where && { where }), what, hint: "write year-month-day, such as 2026-11-23" };
}

/** Only names: an offset such as +05:00 would not follow the clock. */
function isZone(zone: string): boolean {
  if (!/^[A-Za-z]/u.test(zone)) return false;
  try {
    Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
