// Merged entries of `windows:` and `calendars:` in; Windows and Calendars out.
import type { Calendar, Window } from "../../model/window.ts";
import { parseHours } from "../hours.ts";
import { entriesOf } from "../nullable.ts";
import type { WrittenCalendar, WrittenWindow } from "../written-system.ts";

/** Its hours were found readable; without hours and days the zone means nothing. */
export function toWindow(written: WrittenWindow): Window {
  const hours = hoursIn(written).flatMap((text) => {
    const parsed = parseHours(text);
    return parsed.ok ? [parsed.value] : [];
  });
  const [notDuring, onlyDuring] = [written.not_during ?? [], written.only_during ?? []];
  return { zone: written.zone ?? "UTC", hours, notDuring, onlyDuring, guards: written.guards ?? [] };
}

/** In the order of the days. */
export function toCalendar(written: WrittenCalendar): Calendar {
  const spans = entriesOf(written).map(([name, { from, to }]) => ({ name, from, to }));
  return { spans: spans.sort((one, other) => (`${one.from} ${one.name}` < `${other.from} ${other.name}` ? -1 : 1)) };
}

/** One text is a list of one. */
export function hoursIn({ hours }: WrittenWindow): readonly string[] {
  return typeof hours === "string" ? [hours] : (hours ?? []);
}
