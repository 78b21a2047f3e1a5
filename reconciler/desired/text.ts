// Bytes into text that is safe to parse, and offsets into lines and columns.
import { isUtf8 } from "node:buffer";
import { printable } from "../../common/printable.ts";
import { refuse, succeed } from "../../common/problem.ts";
import type { Result } from "../../common/problem.ts";

/** The largest YAML file that is read. */
export const MAX_BYTES = 4 * 1024 * 1024;

const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/u;

/** UTF-8 without control characters (tab, newline and carriage return aside), at most MAX_BYTES; a BOM is dropped. */
export function decodeText(file: string, bytes: Buffer): Result<string> {
  if (bytes.length > MAX_BYTES) return refuse(tooLarge(file, bytes));
  if (!isUtf8(bytes)) return refuse(notUtf8(file, bytes));
  const text = new TextDecoder().decode(bytes);
  const control = CONTROL.exec(text);
  if (control === null) return succeed(text);
  const where = { file, ...lineFinder(text)(control.index) };
  const what = `a control character (${printable(control[0])}) stands here`;
  return refuse({
    code: "control-character",
    where,
    what,
    hint: "delete it; an editor may show it as a box or not at all",
  });
}

export type FindLine = (offset: number) => { readonly line: number; readonly column: number };

/** Finds line and column (from 1) of an offset; the lines are counted when the first one is asked for. */
export function lineFinder(text: string): FindLine {
  let starts: number[] | undefined;
  return (offset) => {
    starts ??= lineStarts(text);
    const line = countUpTo(starts, offset);
    return { line, column: offset - (starts[line - 1] ?? 0) + 1 };
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** How many of the ascending numbers are not above the limit. */
function countUpTo(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function tooLarge(file: string, bytes: Buffer) {
  const what = `it has ${bytes.length} bytes; ${MAX_BYTES} is the most that is read`;
  return {
    code: "yaml-too-large",
    where: { file },
    what,
    hint: "move long contents into files/ and copy them from there",
  };
}

function notUtf8(file: string, bytes: Buffer) {
  const where = { file, line: firstBadLine(bytes) };
  return { code: "not-utf8", where, what: "it is not UTF-8 text", hint: "save the file as UTF-8 in your editor" };
}

function firstBadLine(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const newline = bytes.indexOf(10, start);
    const end = newline === -1 ? bytes.length : newline;
    if (!isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
  return line;
}
