// Records on disk: one line each, `<bytes> <crc32> <json>`. A flipped or missing byte is found; `less` can still read it.
import { crc32 } from "node:zlib";

/** What a file of records held, up to the first record that cannot be trusted. */
export interface Records {
  readonly values: readonly unknown[];
  /** Bytes of the trusted part. */
  readonly goodBytes: number;
  /** Why reading stopped before the end, if it did; `torn` is the ordinary end of a power cut. */
  readonly fault?: "torn" | "damaged";
}

/** The record as it goes to disk, newline included. */
export function frame(value: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(value));
  return Buffer.concat([Buffer.from(`${json.length} ${hex(crc32(json))} `), json, Buffer.from("\n")]);
}

/** Reads records until the end or the first one that is not whole. Never throws. */
export function unframe(bytes: Buffer): Records {
  const values: unknown[] = [];
  let at = 0;
  while (at < bytes.length) {
    const record = recordAt(bytes, at);
    if (record === undefined) return { values, goodBytes: at, fault: isTorn(bytes, at) ? "torn" : "damaged" };
    values.push(record.value);
    at = record.end;
  }
  return { values, goodBytes: at };
}

/** Every whole record, whatever lies between them: a line that is not whole costs itself and no other. Never throws. */
export function salvage(bytes: Buffer): readonly unknown[] {
  return wholeLines(bytes).map(({ json }) => parsed(json));
}

/** The same as they stand on disk, newline included. */
export function salvageLines(bytes: Buffer): readonly Buffer[] {
  return wholeLines(bytes).map(({ at, end }) => bytes.subarray(at, end));
}

/** The first of so many records, when all of them are whole: the others may be long, and are not parsed. */
export function headOf(bytes: Buffer, records: number): unknown {
  let at = 0;
  for (let n = 0; n < records; n++) {
    const line = lineAt(bytes, at);
    if (line === undefined) return undefined;
    at = line.end;
  }
  return recordAt(bytes, 0)?.value;
}

const HEADER = /^(\d{1,10}) ([0-9a-f]{8}) $/u;
const HEADER_FIRST = /^(\d{1,10}) [0-9a-f]{8} /u;
const LONGEST_HEADER = 20;

function recordAt(bytes: Buffer, at: number): { value: unknown; end: number } | undefined {
  const line = lineAt(bytes, at);
  return line && { value: parsed(line.json), end: line.end };
}

interface Line {
  readonly json: Buffer;
  readonly at: number;
  readonly end: number;
}

function wholeLines(bytes: Buffer): readonly Line[] {
  const lines: Line[] = [];
  for (let at = 0; at < bytes.length;) {
    const line = lineAt(bytes, at);
    if (line !== undefined) lines.push(line);
    const newline = bytes.indexOf(0x0a, at);
    at = line?.end ?? (newline < 0 ? bytes.length : newline + 1);
  }
  return lines;
}

function lineAt(bytes: Buffer, at: number): Line | undefined {
  const firstSpace = bytes.indexOf(0x20, at);
  const start = bytes.indexOf(0x20, firstSpace + 1) + 1;
  if (firstSpace < 0 || start === 0 || start - at > LONGEST_HEADER) return undefined;
  const header = HEADER.exec(bytes.toString("latin1", at, start));
  const end = start + Number(header?.[1]);
  if (header === null || end >= bytes.length || bytes[end] !== 0x0a) return undefined;
  const json = bytes.subarray(start, end);
  if (hex(crc32(json)) !== header[2]) return undefined;
  return { json, at, end: end + 1 };
}

/** A checksum can be right by chance, once in four thousand million times. */
function parsed(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString());
  } catch {
    return undefined;
  }
}

/** What a power cut leaves of the last record: it has no end, and is no longer than it says. All else is damage. */
function isTorn(bytes: Buffer, at: number): boolean {
  if (bytes.includes(0x0a, at)) return false;
  const header = HEADER_FIRST.exec(bytes.toString("latin1", at, at + LONGEST_HEADER));
  return header === null || at + header[0].length + Number(header[1]) >= bytes.length;
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, "0");
}
