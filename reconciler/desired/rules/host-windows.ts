// Rules for the names of windows and calendars, once everything that speaks for a host is merged.
import { nearest } from "../../../common/nearest.ts";
import type { Problem, Where } from "../../../common/problem.ts";
import { hoursIn } from "../wishes/window.ts";
import type { Wishes } from "../wishes/wishes.ts";

export function windowsExist({ files, packages, services, data, updates, windows }: Wishes): Problem[] {
  const all = [files, packages, services, data].flatMap((wishes): Waiting[] => [...wishes.values()]);
  const own = updates === undefined ? [] : [{ ...updates.value, where: updates.where }];
  return [...all, ...own].flatMap(({ window, where }) =>
    window === undefined || windows.has(window) ? [] : [unknown("window", window, where, windows)],
  );
}

interface Waiting {
  readonly where: Where;
  readonly window?: string;
}

export function calendarsExist({ windows, calendars }: Pick<Wishes, "windows" | "calendars">): Problem[] {
  return [...windows.values()].flatMap(({ value, where }) =>
    [...new Set([...(value.not_during ?? []), ...(value.only_during ?? [])])]
      .filter((name) => !calendars.has(name))
      .map((name) => unknown("calendar", name, where, calendars)),
  );
}

/** Hours and days mean something only in a zone. */
export function windowsHaveAZone({ windows }: Pick<Wishes, "windows">): Problem[] {
  return [...windows].flatMap(([name, { value, where }]) => {
    const timed = [hoursIn(value), value.not_during ?? [], value.only_during ?? []].some((list) => list.length > 0);
    if (value.zone || !timed) return [];
    const what = `the window ${name} does not say in which time zone its hours and days are`;
    return [{ code: "no-zone", where, what, hint: "write zone: and an IANA name, such as America/Lima" }];
  });
}

function unknown(noun: string, name: string, where: Where, known: ReadonlyMap<string, unknown>): Problem {
  const near = nearest(name, known.keys());
  const meant = near === undefined ? "" : `did you mean ${near}? Otherwise `;
  const hint = `${meant}write it below ${noun}s:`;
  return { code: `unknown-${noun}`, where, what: `there is no ${noun} ${name}`, hint };
}
