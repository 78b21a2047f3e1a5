// The bytes of one YAML file in; a plain value, and where each of its keys stands, out. Or why not.
import { EVENT_ID, parseEvents, YAMLException } from "js-yaml";
import type { Event } from "js-yaml";
import { refuse, succeed } from "../../common/problem.ts";
import type { Problem, Result, Where } from "../../common/problem.ts";
import { decodeText, lineFinder } from "./text.ts";
import type { FindLine } from "./text.ts";
import { build } from "./yaml-build.ts";
import type { Built } from "./yaml-build.ts";
import { keysOf } from "./pointer.ts";
import { explainSyntax } from "./yaml-syntax.ts";

const MAX_NODES = 200_000;
const MAX_DEPTH = 40;

export interface ParsedYaml {
  /** Maps are objects without a prototype, so `__proto__` is a key like any other. An empty file is undefined. */
  readonly value: unknown;
  /** Where a JSON pointer stands in the file: its key, or the start of a list item. Unknown ones give their parent. */
  readonly place: (pointer: string) => Where;
  /** A number as it was written (`0644`, `1.10`); undefined for anything else. */
  readonly written: (pointer: string) => string | undefined;
}

/**
 * Reads one document of the YAML 1.2 core schema. Anchors are ignored; aliases, tags, doubled keys, a second document,
 * more than 4 MiB, MAX_NODES values or MAX_DEPTH levels are problems.
 */
export function parseYaml(file: string, bytes: Buffer): Result<ParsedYaml> {
  const decoded = decodeText(file, bytes);
  if (!decoded.ok) return decoded;
  const text = decoded.value;
  const findLine = lineFinder(text);
  const crowd = crowded(file, text);
  if (crowd.length > 0) return refuse(...crowd);
  const events = readEvents(file, text);
  if (!events.ok) return events;
  const built = build(events.value, text);
  const problems = [...tooMany(file, events.value), ...built.faults.map((fault) => located(file, findLine, fault))];
  return problems.length > 0 ? refuse(...problems) : succeed(parsed(file, built, findLine));
}

function readEvents(file: string, text: string): Result<Event[]> {
  try {
    return succeed(parseEvents(text, { maxDepth: MAX_DEPTH }));
  } catch (error) {
    // Whatever the parser throws at text from outside is a fault of that text.
    const mark = error instanceof YAMLException ? error.mark : undefined;
    const where = mark === undefined ? { file } : { file, line: mark.line + 1, column: mark.column + 1 };
    return refuse({ where, ...explainSyntax(error instanceof YAMLException ? error.reason : "it cannot be read") });
  }
}

/** Before parsing: so many commas and brackets that the values would fill the memory. */
function crowded(file: string, text: string): Problem[] {
  let marks = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === BRACKET || code === BRACE || code === NEWLINE) marks++;
  }
  return marks > 2 * MAX_NODES ? [tooLarge(file, `more than ${MAX_NODES}`)] : [];
}

const [COMMA, BRACKET, BRACE, NEWLINE] = [44, 91, 123, 10];

function tooMany(file: string, events: readonly Event[]): Problem[] {
  const nodes = events.reduce((sum, event) => sum + (event.type === EVENT_ID.POP ? 0 : 1), 0);
  return nodes > MAX_NODES ? [tooLarge(file, String(nodes))] : [];
}

function tooLarge(file: string, count: string): Problem {
  const what = `it has ${count} values; ${MAX_NODES} is the most that is read`;
  return { code: "yaml-too-large", where: { file }, what, hint: "move a part of it into groups, or into files/" };
}

function located(file: string, findLine: FindLine, fault: Built["faults"][number]): Problem {
  const first = fault.first === undefined ? "" : `; the first one is on line ${findLine(fault.first).line}`;
  const where = { file, ...findLine(fault.at), ...(fault.key === undefined ? {} : { key: fault.key }) };
  return { code: fault.code, where, what: `${fault.what}${first}`, hint: fault.hint };
}

function parsed(file: string, built: Built, findLine: FindLine): ParsedYaml {
  return {
    value: built.value,
    place: (pointer) => place(file, built, findLine, keysOf(pointer)),
    written: (pointer) => written(built, keysOf(pointer)),
  };
}

function place(file: string, built: Built, findLine: FindLine, keys: readonly string[]): Where {
  let offset: number | undefined;
  let container: unknown = built.value;
  for (const key of keys) {
    const at = placesIn(built, container)?.get(key);
    if (at === undefined) break;
    offset = at;
    container = member(container, key);
  }
  const position = offset === undefined ? {} : findLine(offset);
  return keys.length === 0 ? { file } : { file, ...position, key: keys.join(".") };
}

function written(built: Built, keys: readonly string[]): string | undefined {
  const container = keys.slice(0, -1).reduce(member, built.value);
  return isObject(container) ? built.numbers.get(container)?.get(keys.at(-1) ?? "") : undefined;
}

function placesIn(built: Built, container: unknown): ReadonlyMap<string, number> | undefined {
  return isObject(container) ? built.places.get(container) : undefined;
}

function member(container: unknown, key: string): unknown {
  return isObject(container) && Object.hasOwn(container, key) ? Reflect.get(container, key) : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
