// A fault told to a person: what is wrong, where, and what to write instead. Expected trouble travels as a value.
import { printable, printableLines } from "./printable.ts";

/** Where a person has to look. Lines and columns count from 1. */
export interface Where {
  /** A path in the repository, or on this server when it starts with "/". */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** Dotted key inside the file, for example `services.dhcp.range`. */
  readonly key?: string;
}

export interface Problem {
  /** Stable kebab-case word for programs and for the documentation, for example `unknown-key`. */
  readonly code: string;
  readonly where?: Where;
  /** One plain sentence without the place: what is wrong. */
  readonly what: string;
  /** What to do or to write instead. */
  readonly hint?: string;
}

/** A value, or every problem found on the way to it. Never both, and never an empty list of problems. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };

export function succeed<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function refuse<T = never>(...problems: readonly Problem[]): Result<T> {
  return { ok: false, problems };
}

/** `schools/escuela-12.yaml:14:3 files./etc/motd`, or nothing when the place is not known. */
export function describePlace(where: Where | undefined): string {
  if (where === undefined) return "";
  const position = [where.file, where.line, where.line === undefined ? undefined : where.column];
  return printable([position.filter((part) => part !== undefined).join(":"), where.key].filter(Boolean).join(" "));
}

/** A problem as a person reads it: place, fault, remedy, each on a line of its own. */
export function describeProblem(problem: Problem): string {
  const place = describePlace(problem.where);
  const lines = [printableLines(problem.what), ...(problem.hint === undefined ? [] : [printableLines(problem.hint)])];
  return place === "" ? lines.join("\n  ") : [place, ...lines].join("\n  ");
}
