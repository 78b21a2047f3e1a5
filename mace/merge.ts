// The placed pieces of one final file in, the final file out: header, texts with values filled in, and where each line came from.
import { printable } from "../common/printable.ts";
import { type Result, refuse, succeed } from "../common/problem.ts";
import { type Expanded, countLines, expandBytes } from "./expand.ts";
import { sourceName } from "./layer.ts";
import type { Environment, FinalFile, Origin } from "./model.ts";
import type { Placed } from "./place.ts";

const NEWLINE = Buffer.from("\n");

/** Joins pieces in the order given; they share one path, and there is at least one. */
export function merge(pieces: readonly [Placed, ...Placed[]], env: Environment): Result<FinalFile> {
  const expanded = pieces.map(({ source }) => expandBytes(source.bytes, env, sourceName(source)));
  const problems = expanded.flatMap((result) => (result.ok ? [] : result.problems));
  if (problems.length > 0) return refuse(...problems);
  return succeed(
    assemble(
      pieces,
      expanded.flatMap((result) => (result.ok ? [result.value] : [])),
    ),
  );
}

function assemble(pieces: readonly [Placed, ...Placed[]], expanded: readonly Expanded[]): FinalFile {
  const { provider, confile, path, check, checkNeeds } = pieces[0];
  const header = confile.comment === undefined ? Buffer.alloc(0) : writeHeader(confile.comment, pieces);
  let origins: readonly (Origin | undefined)[] | undefined;
  return {
    path,
    service: provider.service,
    bytes: Buffer.concat([header, ...expanded.flatMap(({ bytes }, at) => [bytes, ...seam(pieces, expanded, at)])]),
    mode: confile.mode ?? 0o644,
    ...(confile.owner === undefined ? {} : { owner: confile.owner }),
    ...(confile.group === undefined ? {} : { group: confile.group }),
    ...(check === undefined ? {} : { check }),
    ...(checkNeeds === undefined ? {} : { checkNeeds }),
    // An object for each line of a fleet's files is only worth making for whoever asks.
    get origins() {
      return (origins ??= traceLines(countLines(header), pieces, expanded));
    },
  };
}

/** No commit and no date: the same sources must make the same bytes. */
function writeHeader(comment: string, pieces: readonly Placed[]): Buffer {
  const names = pieces.map(({ source }) => `${comment}   ${printable(sourceName(source))}`);
  return Buffer.from([`${comment} Made by mace. Change its sources, not this file:`, ...names, "", ""].join("\n"));
}

/** A text that lacks its last newline gets one, unless it is the end of a file whose syntax is unknown. */
function seam(pieces: readonly [Placed, ...Placed[]], expanded: readonly Expanded[], at: number): Buffer[] {
  const bytes = expanded[at]?.bytes;
  const isLast = at === expanded.length - 1;
  if (bytes === undefined || bytes.length === 0 || bytes.at(-1) === 10) return [];
  if ((isLast && pieces[0].confile.comment === undefined) || bytes.includes(0)) return [];
  return [NEWLINE];
}

function traceLines(
  headerLines: number,
  pieces: readonly Placed[],
  expanded: readonly Expanded[],
): (Origin | undefined)[] {
  const origins = new Array<Origin | undefined>(headerLines).fill(undefined);
  let isMidLine = false;
  pieces.forEach(({ source: { root, path } }, at) => {
    const { bytes, variables } = expanded[at] ?? { bytes: Buffer.alloc(0), variables: new Map<number, string[]>() };
    const lines = countLines(bytes);
    // Behind a binary piece without a newline the first line is still the line before.
    for (let line = isMidLine ? 2 : 1; line <= lines; line++) {
      origins.push({ root, path, line, variables: variables.get(line) ?? [] });
    }
    if (lines > 0) isMidLine = bytes.at(-1) !== 10 && bytes.includes(0);
  });
  return origins;
}
