// A time zone and a moment in; how far its clocks are ahead of UTC then, out.

/** Making one takes much longer than using it. */
const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** Milliseconds to add to Unix time for the time on the wall; `zone` is an IANA name that is known here. */
export function offsetMs(zone: string, atMs: number): number {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return wall - Math.floor(atMs / 1000) * 1000;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(zone);
  if (known !== undefined) return known;
  const numeric = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric" } as const;
  const rest = { minute: "numeric", second: "numeric", hourCycle: "h23", timeZone: zone } as const;
  const made = new Intl.DateTimeFormat("en-US", { ...numeric, ...rest });
  FORMATS.set(zone, made);
  return made;
}
