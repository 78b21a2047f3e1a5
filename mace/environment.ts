// Bytes of an .env file in, variables out: a strict subset of Bash assignments that is read and never executed.
import { isUtf8 } from "node:buffer";
import { nearest } from "../common/nearest.ts";
import { type Problem, type Result, refuse, succeed } from "../common/problem.ts";
import type { Environment, Variable } from "./model.ts";
import { type Cursor, complain, lineOf, readWord, skipBlanks } from "./words.ts";

const LARGEST_FILE = 1024 * 1024;
const MOST_PROBLEMS = 100;
const ASSIGNMENT = /(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=/y;
const HINT = "write one assignment a line: NAME=value, or NAME='two words'";

/** Variables from outside the file that `$NAME` may name. */
export interface Surroundings {
  /** Win over the file's own assignments. */
  readonly fixed?: Environment;
  /** Were set by files before this one. */
  readonly earlier?: Environment;
}

/**
 * Reads `NAME=value` lines: quotes, `$NAME`, `${NAME}`, `${NAME:-default}`, `export`, comments, continued lines.
 * Whatever would make Bash run something is a Problem with its line and column. The last assignment of a name counts.
 */
export function parseEnvironment(
  file: string,
  bytes: Buffer,
  { fixed, earlier }: Surroundings = {},
): Result<Map<string, Variable>> {
  const problems = faultsOfFile(file, bytes);
  if (problems.length > 0) return refuse(...problems);
  const found = new Map<string, Variable>();
  const cursor: Cursor = {
    file,
    text: bytes.toString("utf8"),
    lineStarts: lineStarts(bytes.toString("utf8")),
    at: 0,
    problems,
    lookUp: (name) => fixed?.get(name)?.value ?? found.get(name)?.value ?? earlier?.get(name)?.value,
    nearestName: (name) => nearest(name, [...found.keys(), ...(fixed?.keys() ?? []), ...(earlier?.keys() ?? [])]),
  };
  while (cursor.at < cursor.text.length && problems.length < MOST_PROBLEMS) readLine(cursor, found);
  return problems.length > 0 ? refuse(...problems) : succeed(found);
}

function faultsOfFile(file: string, bytes: Buffer): Problem[] {
  const fault = faultOfBytes(bytes);
  if (fault === undefined) return [];
  const before = bytes.subarray(0, fault.at).toString("utf8");
  const start = before.lastIndexOf("\n") + 1;
  const where = { file, line: before.split("\n").length, column: Array.from(before.slice(start)).length + 1 };
  return [{ code: "bad-env-file", where, what: fault.what, hint: fault.hint }];
}

/** The first byte that makes a file unusable as a whole, and why. */
function faultOfBytes(
  bytes: Buffer,
): { readonly at: number; readonly what: string; readonly hint: string } | undefined {
  if (bytes.length > LARGEST_FILE) {
    return { at: LARGEST_FILE, what: "is larger than 1 MiB", hint: "keep only assignments in it" };
  }
  if (!isUtf8(bytes)) return { at: firstNotUtf8(bytes), what: "is not UTF-8 text", hint: "save it as UTF-8" };
  const text = bytes.toString("utf8");
  if (text.startsWith("\ufeff")) {
    return { at: 0, what: "begins with a byte order mark", hint: "save it as UTF-8 without BOM" };
  }
  const control = /[\u0000-\u0008\u000b-\u001f\u007f]/.exec(text);
  if (control === null) return undefined;
  const at = Buffer.byteLength(text.slice(0, control.index));
  if (control[0] === "\r") return { at, what: "has Windows line ends (CR LF)", hint: "save it with LF only" };
  return { at, what: "has a control character", hint: "remove it" };
}

/** Where the text stops to be UTF-8: decoding puts a U+FFFD there that the bytes do not have. */
function firstNotUtf8(bytes: Buffer): number {
  const replacement = Buffer.from("\ufffd");
  let at = 0;
  for (const character of bytes.toString("utf8")) {
    if (character === "\ufffd" && !bytes.subarray(at, at + 3).equals(replacement)) break;
    at += Buffer.byteLength(character);
  }
  return at;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** Reads one assignment, comment or empty line; after a Problem goes on with the next line. */
function readLine(cursor: Cursor, found: Map<string, Variable>): void {
  const before = cursor.problems.length;
  skipBlanks(cursor);
  if (!atLineEnd(cursor)) readAssignment(cursor, found);
  if (cursor.problems.length === before) {
    skipBlanks(cursor);
    if (!atLineEnd(cursor)) complain(cursor, cursor.at, "not-an-assignment", "has something after the value", HINT);
  }
  skipLine(cursor);
}

function readAssignment(cursor: Cursor, found: Map<string, Variable>): void {
  const start = cursor.at;
  ASSIGNMENT.lastIndex = start;
  const [written, name] = ASSIGNMENT.exec(cursor.text) ?? [];
  if (written === undefined || name === undefined) {
    complain(cursor, start, "not-an-assignment", "is not an assignment, and .env files are not executed", HINT);
    return;
  }
  cursor.at += written.length;
  const value = readWord(cursor);
  if (value === undefined) return;
  if (Buffer.byteLength(value) > 65536) complain(cursor, start, "value-too-long", `makes ${name} longer than 64 KiB`);
  else found.set(name, { value, where: { file: cursor.file, line: lineOf(cursor, start) } });
}

function atLineEnd(cursor: Cursor): boolean {
  const next = cursor.text[cursor.at];
  return next === undefined || next === "\n" || next === "#";
}

function skipLine(cursor: Cursor): void {
  const end = cursor.text.indexOf("\n", cursor.at);
  cursor.at = end === -1 ? cursor.text.length : end + 1;
}
