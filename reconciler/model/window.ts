// When something may be done: hours of the week in a zone, days of a calendar, and what the server has to be like.

/** 0 is Monday. Minutes count from midnight; an end at or before its start lies on the next day. */
export interface Hours {
  readonly days: readonly number[];
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** Named days, such as terms and exams. Both ends belong to it; `2026-11-23`. */
export interface Calendar {
  readonly spans: readonly { readonly name: string; readonly from: string; readonly to: string }[];
}

/** A guard asks the server itself. */
export type Guard = "mains-power" | "nobody-logged-in";

export interface Window {
  /** IANA name, `America/Lima`: its clock changes are followed. */
  readonly zone: string;
  /** Any of these; at any hour when empty. */
  readonly hours: readonly Hours[];
  /** Not on days of these calendars. */
  readonly notDuring: readonly string[];
  /** Only on days of these calendars, when there are any. */
  readonly onlyDuring: readonly string[];
  readonly guards: readonly Guard[];
}
