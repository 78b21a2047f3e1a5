// The value of one assignment: where a cursor stands in an .env file in, the text that Bash would have made of it out.
import type { Problem } from "../common/problem.ts";

/** A place in the text, and what is needed to read on from there. */
export interface Cursor {
  readonly file: string;
  readonly text: string;
  /** Index of the first character of every line. */
  readonly lineStarts: readonly number[];
  /** Index of the next character; moves on while reading. */
  at: number;
  readonly problems: Problem[];
  lookUp(name: string): string | undefined;
  nearestName(name: string): string | undefined;
}

const DEEPEST = 10;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const PLAIN = /[^\s'"\\$`;|&<>(){}~]+/y;
const REMEDY = "put the value in 'single quotes' if the character is meant as it stands";

/** Reads up to the end of the value. Undefined after a Problem, which has then been told. */
export function readWord(cursor: Cursor): string | undefined {
  return readParts(cursor, (next) => next === " " || next === "\t" || next === "\n", 0);
}

/** Blanks, and line ends that a backslash takes away. */
export function skipBlanks(cursor: Cursor): void {
  const blank = /(?:[ \t]|\\\n)*/y;
  blank.lastIndex = cursor.at;
  cursor.at += blank.exec(cursor.text)?.[0].length ?? 0;
}

/** Notes a Problem at an index of the text. Always undefined, so that readers can return it as their own answer. */
export function complain(cursor: Cursor, at: number, code: string, what: string, hint?: string): string | undefined {
  const line = lineOf(cursor, at);
  const before = cursor.text.slice(cursor.lineStarts[line - 1], at);
  const where = { file: cursor.file, line, column: Array.from(before).length + 1 };
  cursor.problems.push({ code, where, what, ...(hint === undefined ? {} : { hint }) });
  return undefined;
}

/** The line of an index, counting from 1, by halving. */
export function lineOf({ lineStarts }: Cursor, at: number): number {
  let [low, high] = [0, lineStarts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lineStarts[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  return low + 1;
}

function readParts(cursor: Cursor, isEnd: (next: string) => boolean, depth: number): string | undefined {
  let value = "";
  for (;;) {
    const next = cursor.text[cursor.at];
    if (next === undefined || isEnd(next)) return value;
    const part = readPart(cursor, next, depth);
    if (part === undefined) return undefined;
    value += part;
  }
}

function readPart(cursor: Cursor, next: string, depth: number): string | undefined {
  if (next === "'") return readSingleQuoted(cursor);
  if (next === '"') return readDoubleQuoted(cursor, depth);
  if (next === "\\") return readEscape(cursor, /[^]/);
  if (next === "$") return readDollar(cursor, depth, false);
  if (next === "~" && /[=:\n-]/.test(cursor.text[cursor.at - 1] ?? "")) {
    return forbid(cursor, next, "`~` is not replaced by a home directory here");
  }
  if (/[{}~]/.test(next) || (depth > 0 && /\s/.test(next))) {
    if (next === "\n")
      return complain(cursor, cursor.at, "not-closed", "`${` is not closed on its line", "close it with }");
    cursor.at++;
    return next;
  }
  return readMatching(cursor, PLAIN) ?? forbid(cursor, next, `\`${next}\` would make a shell do something`);
}

function readSingleQuoted(cursor: Cursor): string | undefined {
  const start = cursor.at;
  const end = cursor.text.indexOf("'", start + 1);
  const value = cursor.text.slice(start + 1, end);
  if (end === -1 || value.includes("\n")) return unclosedQuote(cursor, start);
  cursor.at = end + 1;
  return value;
}

function readDoubleQuoted(cursor: Cursor, depth: number): string | undefined {
  const start = cursor.at++;
  const value = readQuotedParts(cursor, '"', depth);
  if (value === undefined) return undefined;
  if (cursor.text[cursor.at] !== '"') return unclosedQuote(cursor, start);
  cursor.at++;
  return value;
}

/** Between double quotes, or in the default of a `${NAME:-default}` that stands between them. */
function readQuotedParts(cursor: Cursor, end: '"' | "}", depth: number): string | undefined {
  let value = "";
  for (;;) {
    const next = cursor.text[cursor.at];
    if (next === undefined || next === "\n" || next === end) return value;
    const part = readQuotedPart(cursor, next, depth);
    if (part === undefined) return undefined;
    value += part;
  }
}

function readQuotedPart(cursor: Cursor, next: string, depth: number): string | undefined {
  if (next === "\\") return readEscape(cursor, depth > 0 ? /[$`"\\\n}]/ : /[$`"\\\n]/);
  if (next === "$") return readDollar(cursor, depth, true);
  if (next === "`") return forbid(cursor, next, "a backtick would make a shell run a command");
  // Bash itself cannot agree on what a quote means in a default between quotes.
  if (next === '"' || (next === "'" && depth > 0))
    return forbid(cursor, next, "has quotes within quotes", "leave the inner ones out");
  if (next !== "}") return readMatching(cursor, depth > 0 ? /[^"'\\$`\n}]+/y : /[^"\\$`\n}]+/y);
  cursor.at++;
  return next;
}

/** A backslash: takes a line end away, makes an escapable character plain, and else stands for itself. */
function readEscape(cursor: Cursor, escapable: RegExp): string {
  const escaped = cursor.text[cursor.at + 1];
  cursor.at += 1;
  if (escaped === undefined || !escapable.test(escaped)) return "\\";
  cursor.at += 1;
  return escaped === "\n" ? "" : escaped;
}

function readDollar(cursor: Cursor, depth: number, quoted: boolean): string | undefined {
  const start = cursor.at++;
  const next = cursor.text[cursor.at] ?? "";
  if (next === "{") return readBraced(cursor, start, depth, quoted);
  const name = readMatching(cursor, NAME);
  // Bash joins lines before it reads names: the name would go on there.
  if (cursor.text.startsWith("\\\n", cursor.at)) {
    return forbid(cursor, "\\", "goes on in the next line within a variable", "write ${NAME} before a continued line");
  }
  // Bash changes this one behind everybody's back.
  if (name === "_") return forbid(cursor, "$_", "`$_` has no meaning in an .env file");
  if (name !== undefined) return cursor.lookUp(name) ?? undefinedVariable(cursor, start, name);
  cursor.at = start;
  if (next === "(") return forbid(cursor, "$(", "`$(` would make a shell run a command");
  if (/[0-9@*#?$![-]/.test(next) || (!quoted && /['"]/.test(next))) {
    return forbid(cursor, `$${next}`, `\`$${next}\` has no meaning in an .env file`);
  }
  cursor.at++;
  return "$";
}

/** `${NAME}` and `${NAME:-default}`, whose default may hold quotes and variables of its own. */
function readBraced(cursor: Cursor, start: number, depth: number, quoted: boolean): string | undefined {
  cursor.at++;
  const name = readMatching(cursor, NAME);
  const simple = cursor.text[cursor.at] === "}";
  if (name === undefined || name === "_" || (!simple && !cursor.text.startsWith(":-", cursor.at)) || depth >= DEEPEST) {
    const hint = "only ${NAME} and ${NAME:-default} can be used";
    return complain(cursor, start, "shell-syntax", "is an expansion that is not supported here", hint);
  }
  const value = cursor.lookUp(name);
  if (simple) {
    cursor.at++;
    return value ?? undefinedVariable(cursor, start, name);
  }
  cursor.at += 2;
  const fallback = quoted
    ? readQuotedParts(cursor, "}", depth + 1)
    : readParts(cursor, (next) => next === "}", depth + 1);
  if (fallback === undefined) return undefined;
  if (cursor.text[cursor.at] !== "}") {
    return complain(cursor, start, "not-closed", "`${` is not closed on its line", "close it with }");
  }
  cursor.at++;
  return value === undefined || value === "" ? fallback : value;
}

function readMatching(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text)?.[0];
  cursor.at += found?.length ?? 0;
  return found;
}

function undefinedVariable(cursor: Cursor, at: number, name: string): string | undefined {
  const guess = cursor.nearestName(name);
  const hint = guess === undefined ? `set ${name} before this line, or write \${${name}:-}` : `did you mean $${guess}?`;
  return complain(cursor, at, "undefined-variable", `$${name} is not set before this line`, hint);
}

function unclosedQuote(cursor: Cursor, start: number): string | undefined {
  return complain(
    cursor,
    start,
    "not-closed",
    "has a quote that is not closed on its line",
    "close it with the same quote",
  );
}

function forbid(cursor: Cursor, text: string, what: string, hint?: string): string | undefined {
  const remedy = text.endsWith("'") ? 'put the value in "double quotes" instead' : REMEDY;
  return complain(cursor, cursor.at, "shell-syntax", what, hint ?? remedy);
}
