// A text with @NAME@ in it and an environment in, the text with values filled in out.
import { nearest } from "../common/nearest.ts";
import { type Problem, type Result, refuse, succeed } from "../common/problem.ts";
import type { Environment } from "./model.ts";

const REFERENCE = /@(?:@|([A-Za-z_][A-Za-z0-9_]*)@)/g;
const AT = 0x40;

/** Variables used on a line; lines count from 1, and lines without variables are left out. */
export type VariablesByLine = ReadonlyMap<number, readonly string[]>;

/** What to say of a name that has no value, where more is known of it than its name. */
export type HintFor = (name: string) => string | undefined;

/** A variable that a text wants, and where it does so first. */
export interface Reference {
  readonly name: string;
  readonly line: number;
  readonly column: number;
}

export interface Expanded {
  readonly bytes: Buffer;
  readonly variables: VariablesByLine;
}

/**
 * Fills in `@NAME@`; `@@` stands for one `@`; an `@` that begins neither is left alone. The number of lines never
 * changes. Undefined names are Problems with line and column; `known` are the names that hints may suggest.
 */
export function expand(
  text: string,
  env: Environment,
  file: string,
  known: Iterable<string> = env.keys(),
): Result<{ readonly text: string; readonly variablesPerLine: readonly (readonly string[])[] }> {
  const expanded = expandBytes(Buffer.from(text), env, file, known);
  if (!expanded.ok) return expanded;
  const { bytes, variables } = expanded.value;
  return succeed({ text: bytes.toString("utf8"), variablesPerLine: perLine(bytes, variables) });
}

/** The same for one file's bytes. Bytes that are not UTF-8 pass unharmed; a file with a NUL byte is left as it is. */
export function expandTemplate(
  bytes: Buffer,
  env: Environment,
  file: string,
): Result<{ readonly bytes: Buffer; readonly variables: readonly (readonly string[])[] }> {
  const expanded = expandBytes(bytes, env, file);
  if (!expanded.ok) return expanded;
  return succeed({ bytes: expanded.value.bytes, variables: perLine(expanded.value.bytes, expanded.value.variables) });
}

/** The same without a list per line, for many files. Latin-1 keeps every byte as one character. */
export function expandBytes(
  bytes: Buffer,
  env: Environment,
  file: string,
  known: Iterable<string> = env.keys(),
  hintFor?: HintFor,
): Result<Expanded> {
  if (!bytes.includes(AT) || bytes.includes(0)) return succeed({ bytes, variables: new Map() });
  const source = bytes.toString("latin1");
  const [variables, problems] = [new Map<number, string[]>(), new Array<Problem>()];
  const lineAt = lineCounter(source);
  const text = source.replace(REFERENCE, (written: string, name: string | undefined, at: number) => {
    if (name === undefined) return "@";
    const line = lineAt(at);
    const value = env.get(name)?.value;
    const fault = value === undefined ? undefinedVariable(name, known, hintFor) : faultOfValue(name, value);
    if (fault !== undefined) problems.push({ ...fault, where: { file, line, column: columnOf(source, at) } });
    variables.set(line, [...(variables.get(line) ?? []), name]);
    return value === undefined ? written : Buffer.from(value).toString("latin1");
  });
  return problems.length > 0 ? refuse(...problems) : succeed({ bytes: Buffer.from(text, "latin1"), variables });
}

/** Every variable that a text wants, each once. */
export function referencesIn(bytes: Buffer): readonly Reference[] {
  if (!bytes.includes(AT) || bytes.includes(0)) return [];
  const source = bytes.toString("latin1");
  const lineAt = lineCounter(source);
  const found = new Map<string, Reference>();
  for (const { 1: name, index } of source.matchAll(REFERENCE)) {
    if (name === undefined || found.has(name)) continue;
    found.set(name, { name, line: lineAt(index), column: columnOf(source, index) });
  }
  return [...found.values()];
}

/** The number of lines: a last one without newline counts. */
export function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines++;
  return bytes.length > 0 && bytes[bytes.length - 1] !== 10 ? lines + 1 : lines;
}

function perLine(bytes: Buffer, variables: VariablesByLine): (readonly string[])[] {
  return Array.from({ length: countLines(bytes) }, (_, index) => variables.get(index + 1) ?? []);
}

/** Line of an index, for indexes that only grow: every newline is looked at once. */
function lineCounter(text: string): (at: number) => number {
  let [line, newline] = [1, text.indexOf("\n")];
  return (at) => {
    while (newline !== -1 && newline < at) {
      line++;
      newline = text.indexOf("\n", newline + 1);
    }
    return line;
  };
}

function columnOf(source: string, at: number): number {
  const before = source.slice(source.lastIndexOf("\n", at - 1) + 1, at);
  return Array.from(Buffer.from(before, "latin1").toString("utf8")).length + 1;
}

function undefinedVariable(name: string, known: Iterable<string>, hintFor?: HintFor): Omit<Problem, "where"> {
  const declared = hintFor?.(name);
  if (declared !== undefined) return { code: "undefined-variable", what: `@${name}@ has no value`, hint: declared };
  const guess = nearest(name, known);
  const literal = `write @@${name}@@ if the text is meant as it stands`;
  const hint =
    guess === undefined ? `set ${name} in an .env file, or ${literal}` : `did you mean @${guess}@? Or ${literal}`;
  return { code: "undefined-variable", what: `@${name}@ is not defined`, hint };
}

/** A value that brings lines of its own would slip whole directives into a configuration. */
function faultOfValue(name: string, value: string): Omit<Problem, "where"> | undefined {
  if (!/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) return undefined;
  return { code: "unprintable-value", what: `the value of @${name}@ has a line end or another control character` };
}
