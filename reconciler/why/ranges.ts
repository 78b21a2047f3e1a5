// Where each line of a final file comes from in; contiguous ranges of it, each with its range of one source file, out.
import type { Provenance } from "../render/rendered.ts";
import { TEMPLATES } from "../render/rendered.ts";

export type Origins = NonNullable<Provenance["origins"]>;
type Origin = NonNullable<Origins[number]>;

/** Both ends of both ranges are included; lines count from 1. */
export interface SourceRange {
  /** Lines of the final file. */
  readonly from: number;
  readonly to: number;
  /** Left out for lines that mace itself wrote. */
  readonly source?: Source;
}

export interface Source {
  /** In the repository, or `templates/...` for what ships with the program. */
  readonly file: string;
  readonly shipped: boolean;
  readonly from: number;
  readonly to: number;
  /** Names of the variables that were filled in there. */
  readonly variables: readonly string[];
}

/** `cut` tells two neighbouring lines of one source apart that are not to be told together. */
export function sourceRanges(
  origins: Origins,
  lines: { readonly from: number; readonly to: number } = { from: 1, to: origins.length },
  cut: (file: string, line: number) => unknown = () => undefined,
): readonly SourceRange[] {
  const ranges: SourceRange[] = [];
  for (let at = lines.from; at <= Math.min(lines.to, origins.length); at++) {
    const origin = origins[at - 1];
    const last = ranges.at(-1);
    if (last !== undefined && goesOn(last, origin, cut)) ranges[ranges.length - 1] = longer(last, origin);
    else ranges.push({ from: at, to: at, ...(origin === undefined ? {} : { source: sourceOf(origin) }) });
  }
  return ranges;
}

function goesOn(
  { source }: SourceRange,
  origin: Origin | undefined,
  cut: (file: string, line: number) => unknown,
): boolean {
  if (source === undefined || origin === undefined) return source === undefined && origin === undefined;
  const { file, line } = { file: fileOf(origin), line: origin.line };
  return source.file === file && source.to === line - 1 && cut(file, line - 1) === cut(file, line);
}

function longer({ from, to, source }: SourceRange, origin: Origin | undefined): SourceRange {
  if (source === undefined || origin === undefined) return { from, to: to + 1 };
  const variables = [...new Set([...source.variables, ...origin.variables])];
  return { from, to: to + 1, source: { ...source, to: origin.line, variables } };
}

function sourceOf(origin: Origin): Source {
  const { root, line, variables } = origin;
  const distinct = [...new Set(variables)];
  return { file: fileOf(origin), shipped: root === TEMPLATES, from: line, to: line, variables: distinct };
}

export function fileOf({ root, path }: { readonly root: string; readonly path: string }): string {
  return `${root}/${path}`;
}

/** `5` or `5-8`. */
export function lineNumbers({ from, to }: { readonly from: number; readonly to: number }): string {
  return from === to ? String(from) : `${from}-${to}`;
}
