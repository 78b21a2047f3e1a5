// Parser events in; plain values, the offsets of their keys, and the faults that only show here, out.
import {
  boolCoreTag,
  EVENT_ID,
  floatCoreTag,
  getScalarValue,
  intCoreTag,
  NOT_RESOLVED,
  nullCoreTag,
  SCALAR_STYLE,
} from "js-yaml";
import type { Event, ScalarEvent } from "js-yaml";
import { printable } from "../../common/printable.ts";

export interface Fault {
  readonly code: string;
  readonly at: number;
  readonly what: string;
  readonly hint: string;
  readonly key?: string;
  /** Offset of the first of two equal keys. */
  readonly first?: number;
}

export interface Built {
  readonly value: unknown;
  /** For each map or list, the offset of each of its keys or items. */
  readonly places: WeakMap<object, ReadonlyMap<string, number>>;
  /** For each map or list, its numbers as they were written. */
  readonly numbers: WeakMap<object, ReadonlyMap<string, string>>;
  readonly faults: readonly Fault[];
}

/** What stands between two calls of the functions below. */
interface Reading {
  readonly events: readonly Event[];
  readonly text: string;
  next: number;
  readonly places: WeakMap<object, Map<string, number>>;
  readonly numbers: WeakMap<object, Map<string, string>>;
  readonly faults: Fault[];
}

export function build(events: readonly Event[], text: string): Built {
  const reading: Reading = { events, text, next: 1, places: new WeakMap(), numbers: new WeakMap(), faults: [] };
  const { places, numbers, faults } = reading;
  const value = events.length > 2 ? readNode(reading) : undefined;
  refuseSecondDocument(reading);
  return { value, places, numbers, faults };
}

function readNode(reading: Reading): unknown {
  const event = reading.events[reading.next++];
  if (event === undefined) return undefined;
  if (event.type === EVENT_ID.ALIAS) {
    refuseAlias(reading, event.anchorStart);
    return undefined;
  }
  if (event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP) return undefined;
  if (event.tagStart !== -1) refuseTag(reading, event.tagStart, event.tagEnd);
  if (event.type === EVENT_ID.SEQUENCE) return readList(reading);
  if (event.type === EVENT_ID.MAPPING) return readMap(reading);
  return scalar(reading.text, event);
}

function readList(reading: Reading): unknown[] {
  const list: unknown[] = [];
  const places = new Map<string, number>();
  reading.places.set(list, places);
  while (!ended(reading)) {
    const key = String(list.length);
    const event = reading.events[reading.next];
    places.set(key, offsetOf(event));
    list.push(readNode(reading));
    keepNumber(reading, list, key, event, list.at(-1));
  }
  reading.next++;
  return list;
}

function readMap(reading: Reading): object {
  const map: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const places = new Map<string, number>();
  reading.places.set(map, places);
  while (!ended(reading)) {
    const at = offsetOf(reading.events[reading.next]);
    const key = readKey(reading, at);
    const event = reading.events[reading.next];
    const value = readNode(reading);
    if (key === undefined) continue;
    const first = places.get(key);
    if (first !== undefined) refuseDouble(reading, key, at, first);
    places.set(key, at);
    map[key] = value;
    keepNumber(reading, map, key, event, value);
  }
  reading.next++;
  return map;
}

function readKey(reading: Reading, at: number): string | undefined {
  const event = reading.events[reading.next];
  if (event?.type === EVENT_ID.SCALAR) {
    reading.next++;
    return getScalarValue(reading.text, event);
  }
  readNode(reading);
  if (event?.type !== EVENT_ID.ALIAS) {
    const hint = "write a word, a colon and the value: `name: value`; quote text that begins with { or [";
    reading.faults.push({ code: "key-not-text", at, what: "a key has to be text", hint });
  }
  return undefined;
}

/** Plain words may be null, true, or a number; everything else is text. */
function scalar(text: string, event: ScalarEvent): unknown {
  const source = getScalarValue(text, event);
  if (event.style !== SCALAR_STYLE.PLAIN) return source;
  for (const tag of [nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag]) {
    if (tag.implicitFirstChars !== null && !tag.implicitFirstChars.includes(source.charAt(0))) continue;
    const value: unknown = tag.resolve(source, false, tag.tagName);
    if (value !== NOT_RESOLVED) return value;
  }
  return source;
}

function keepNumber(reading: Reading, container: object, key: string, event: Event | undefined, value: unknown): void {
  if (typeof value !== "number" || event?.type !== EVENT_ID.SCALAR) return;
  const numbers = reading.numbers.get(container) ?? new Map<string, string>();
  numbers.set(key, getScalarValue(reading.text, event));
  reading.numbers.set(container, numbers);
}

function ended(reading: Reading): boolean {
  const event = reading.events[reading.next];
  return event === undefined || event.type === EVENT_ID.POP;
}

function offsetOf(event: Event | undefined): number {
  if (event === undefined) return 0;
  if (event.type === EVENT_ID.SCALAR) return Math.max(0, event.valueStart);
  if (event.type === EVENT_ID.ALIAS) return Math.max(0, event.anchorStart);
  return "start" in event ? Math.max(0, event.start) : 0;
}

function refuseAlias(reading: Reading, at: number): void {
  const hint = "write the value out, or say it once in a group that both schools list";
  reading.faults.push({ code: "yaml-alias", at, what: "aliases (*name) are not used here", hint });
}

function refuseTag(reading: Reading, at: number, end: number): void {
  const what = `tags such as ${printable(reading.text.slice(at, Math.min(end, at + 40)))} are not used here`;
  reading.faults.push({ code: "yaml-tag", at, what, hint: "leave it out; quote the value if it has to be text" });
}

function refuseDouble(reading: Reading, key: string, at: number, first: number): void {
  const hint = "keep one of the two";
  reading.faults.push({ code: "doubled-key", at, key, first, what: "this key is written twice", hint });
}

function refuseSecondDocument(reading: Reading): void {
  const second = reading.events.findIndex((event, index) => index > 0 && event.type === EVENT_ID.DOCUMENT);
  if (second === -1) return;
  const at = offsetOf(reading.events[second + 1]);
  const hint = "keep one document a file: take out the line `---`";
  reading.faults.push({ code: "many-documents", at, what: "a second YAML document begins here", hint });
}
