// The bytes of one YAML or JSON file in; a plain value, and where each of its keys stands, out. Or why not.
import { isUtf8 } from "node:buffer";
import {
  boolCoreTag,
  EVENT_ID,
  floatCoreTag,
  getScalarValue,
  intCoreTag,
  NOT_RESOLVED,
  nullCoreTag,
  parseEvents,
  SCALAR_STYLE,
  YAMLException,
} from "js-yaml";
import type { Event, ScalarEvent } from "js-yaml";
import { printable } from "../common/printable.ts";
import { type Problem, type Result, refuse, succeed, type Where } from "../common/problem.ts";

const LARGEST_FILE = 256 * 1024;
const DEEPEST = 20;
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f]/u;

export interface ReadYaml {
  /** Maps are objects without a prototype, so `__proto__` is a key like any other. An empty file is undefined. */
  readonly value: unknown;
  /** Where a key or list item stands; an unknown one stands where its parent does. */
  readonly place: (keys: readonly string[]) => Where;
  /** A number as it was written (`0644`); undefined for anything else. */
  readonly written: (keys: readonly string[]) => string | undefined;
}

interface Reading {
  readonly file: string;
  readonly text: string;
  readonly events: readonly Event[];
  next: number;
  /** Offset of each key, and the text of each number, by its keys as JSON. */
  readonly places: Map<string, number>;
  readonly numbers: Map<string, string>;
  readonly problems: Problem[];
}

/** Reads one document of the YAML 1.2 core schema, of which JSON is a part. No aliases, tags or doubled keys. */
export function readYaml(file: string, bytes: Buffer): Result<ReadYaml> {
  const fault = faultOfBytes(file, bytes);
  if (fault !== undefined) return refuse(fault);
  const text = bytes.toString("utf8");
  const events = eventsOf(file, text);
  if (!events.ok) return events;
  const reading: Reading = {
    ...{ file, text, events: events.value, next: 1 },
    ...{ places: new Map(), numbers: new Map(), problems: [] },
  };
  const value = events.value.length > 2 ? readNode(reading, []) : undefined;
  refuseSecondDocument(reading);
  if (reading.problems.length > 0) return refuse(...reading.problems);
  return succeed({
    value,
    place: (keys) => placeOf(reading, keys),
    written: (keys) => reading.numbers.get(JSON.stringify(keys)),
  });
}

function faultOfBytes(file: string, bytes: Buffer): Problem | undefined {
  const refused = (what: string, hint: string): Problem => ({ code: "unreadable-yaml", where: { file }, what, hint });
  if (bytes.length > LARGEST_FILE) return refused("is larger than 256 KiB", "split it");
  if (!isUtf8(bytes)) return refused("is not UTF-8 text", "save it as UTF-8");
  const text = bytes.toString("utf8");
  const control = CONTROL.exec(text);
  if (control === null) return undefined;
  const where = { file, ...lineAndColumn(text, control.index) };
  return { code: "unreadable-yaml", where, what: "has a control character", hint: "remove it" };
}

function eventsOf(file: string, text: string): Result<readonly Event[]> {
  try {
    return succeed(parseEvents(text, { maxDepth: DEEPEST }));
  } catch (error) {
    // Whatever the parser throws at text from outside is a fault of that text.
    const mark = error instanceof YAMLException ? error.mark : undefined;
    const where = mark === undefined ? { file } : { file, line: mark.line + 1, column: mark.column + 1 };
    const what = `this is not YAML: ${printable(error instanceof YAMLException ? error.reason : "it cannot be read")}`;
    const hint = 'every line is `key: value`, `- item` or a comment; quote text with ": " or " #" in it';
    return refuse({ code: "yaml-syntax", where, what, hint });
  }
}

function readNode(reading: Reading, keys: readonly string[]): unknown {
  const event = reading.events[reading.next++];
  if (event === undefined || event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP) return undefined;
  if (event.type === EVENT_ID.ALIAS) {
    complain(reading, event.anchorStart, "aliases (*name) are not used here");
    return undefined;
  }
  if (event.tagStart !== -1) complain(reading, event.tagStart, "tags (!name) are not used here");
  if (event.type === EVENT_ID.SEQUENCE) return readList(reading, keys);
  if (event.type === EVENT_ID.MAPPING) return readMap(reading, keys);
  const value = scalar(reading.text, event);
  if (typeof value === "number") reading.numbers.set(JSON.stringify(keys), getScalarValue(reading.text, event));
  return value;
}

function readList(reading: Reading, keys: readonly string[]): unknown[] {
  const list: unknown[] = [];
  while (!ended(reading)) {
    const inner = [...keys, String(list.length)];
    reading.places.set(JSON.stringify(inner), offsetOf(reading.events[reading.next]));
    list.push(readNode(reading, inner));
  }
  reading.next++;
  return list;
}

function readMap(reading: Reading, keys: readonly string[]): object {
  const map: Record<string, unknown> = { __proto__: null };
  while (!ended(reading)) {
    const event = reading.events[reading.next];
    const at = offsetOf(event);
    const key = event?.type === EVENT_ID.SCALAR ? getScalarValue(reading.text, event) : undefined;
    if (key === undefined) readNode(reading, keys);
    else reading.next++;
    const inner = [...keys, key ?? ""];
    const value = readNode(reading, inner);
    if (key === undefined) complain(reading, at, "a key has to be text");
    else if (Object.hasOwn(map, key))
      complain(reading, at, `${printable(key)} is written twice`, "keep one of the two");
    if (key !== undefined) map[key] = value;
    reading.places.set(JSON.stringify(inner), at);
  }
  reading.next++;
  return map;
}

/** Plain words may be null, true, or a number; everything else is text. */
function scalar(text: string, event: ScalarEvent): unknown {
  const source = getScalarValue(text, event);
  if (event.style !== SCALAR_STYLE.PLAIN) return source;
  for (const tag of [nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag]) {
    const value: unknown = tag.resolve(source, false, tag.tagName);
    if (value !== NOT_RESOLVED) return value;
  }
  return source;
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

function refuseSecondDocument(reading: Reading): void {
  const second = reading.events.findIndex((event, index) => index > 0 && event.type === EVENT_ID.DOCUMENT);
  if (second === -1) return;
  complain(reading, offsetOf(reading.events[second + 1]), "a second YAML document begins here", "keep one a file");
}

function complain(reading: Reading, at: number, what: string, hint = "write the value out"): void {
  const where = { file: reading.file, ...lineAndColumn(reading.text, Math.max(0, at)) };
  reading.problems.push({ code: "yaml-content", where, what, hint });
}

function placeOf({ file, text, places }: Reading, keys: readonly string[]): Where {
  const depths = keys.map((_, at) => keys.length - at);
  const at = depths.flatMap((depth) => places.get(JSON.stringify(keys.slice(0, depth))) ?? [])[0] ?? 0;
  const key = keys.map((name) => (name === "" ? '""' : name)).join(".");
  return { file, ...lineAndColumn(text, at), ...(key === "" ? {} : { key }) };
}

function lineAndColumn(text: string, at: number): { readonly line: number; readonly column: number } {
  const start = text.lastIndexOf("\n", at - 1) + 1;
  return { line: text.slice(0, start).split("\n").length, column: at - start + 1 };
}
