// The placed pieces of one final file in, the final file out: header, texts with values filled in, and where each line came from.
import { printable } from "../common/printable.ts";
import { type Problem, type Result, refuse, succeed } from "../common/problem.ts";
import { type Expanded, countLines, expandBytes, type HintFor } from "./expand.ts";
import { joinInBlock } from "./join/block.ts";
import { joinTables } from "./join/iptables.ts";
import type { Line } from "./join/line.ts";
import { arrangeWords, type WordFault } from "./join/words.ts";
import { sourceName } from "./layer.ts";
import type { Environment, FinalFile, Origin } from "./model.ts";
import type { Placed } from "./place.ts";

const NEWLINE = Buffer.from("\n");

type Pieces = readonly [Placed, ...Placed[]];
type Origins = readonly (Origin | undefined)[];

/** Joins pieces in the order given; they share one path, and there is at least one. */
export function merge(pieces: Pieces, env: Environment, hintFor?: HintFor): Result<FinalFile> {
  const expanded = pieces.map(({ source }) => expandBytes(source.bytes, env, sourceName(source), env.keys(), hintFor));
  const problems = expanded.flatMap((result) => (result.ok ? [] : result.problems));
  if (problems.length > 0) return refuse(...problems);
  const texts = expanded.flatMap((result) => (result.ok ? [result.value] : []));
  const { confile } = pieces[0];
  const header = confile.comment === undefined ? Buffer.alloc(0) : writeHeader(confile.comment, pieces);
  const { lines, faults } = joinLines(pieces[0], texts);
  if (faults.length > 0) return refuse(...faults.map((fault) => wrongWords(fault, pieces)));
  if (lines === undefined) {
    const body = texts.flatMap(({ bytes }, at) => [bytes, ...seam(pieces, texts, at)]);
    return succeed(finalFile(pieces[0], [header, ...body], () => traceTexts(countLines(header), pieces, texts)));
  }
  const body = Buffer.from(lines.map(({ text }) => `${text}\n`).join(""), "latin1");
  return succeed(finalFile(pieces[0], [header, body], () => traceLines(countLines(header), lines, pieces, texts)));
}

function finalFile(first: Placed, parts: readonly Buffer[], trace: () => Origins): FinalFile {
  const { provider, confile, name, path, checker } = first;
  let origins: Origins | undefined;
  return {
    path,
    service: provider.service,
    confile: name,
    bytes: Buffer.concat(parts),
    mode: confile.mode ?? 0o644,
    ...(confile.owner === undefined ? {} : { owner: confile.owner }),
    ...(confile.group === undefined ? {} : { group: confile.group }),
    ...(checker === undefined ? {} : { checker }),
    ...(checker === undefined || checker.main !== undefined ? {} : { check: checker.argv }),
    ...(checker?.needs === undefined ? {} : { checkNeeds: checker.needs }),
    // An object for each line of a fleet's files is only worth making for whoever asks.
    get origins() {
      return (origins ??= trace());
    },
  };
}

interface Joined {
  /** Undefined where pieces follow one another as they are. */
  readonly lines?: readonly Line[];
  readonly faults: readonly WordFault[];
}

/** The lines of a text that is joined line by line. */
function joinLines({ confile, line }: Placed, texts: readonly Expanded[]): Joined {
  const { join = "plain", block, comment } = confile;
  const isByLine = join !== "plain" || line !== undefined;
  if (!isByLine || texts.some(({ bytes }) => bytes.includes(0))) return { faults: [] };
  // Latin-1 keeps every byte as one character.
  const written = texts.map(({ bytes }) => bytes.toString("latin1"));
  if (line !== undefined) return arrangeWords(written, line, comment);
  return { lines: join === "iptables" ? joinTables(written) : joinInBlock(written, block ?? ["{", "}"]), faults: [] };
}

function wrongWords({ piece, line, wanted, found }: WordFault, pieces: Pieces): Problem {
  const { source, line: pattern = "" } = pieces[piece] ?? pieces[0];
  return {
    code: "wrong-words",
    where: { file: sourceName(source), line },
    what: `wants ${count(wanted)} and has ${count(found)}`,
    hint: `each line is made into: ${pattern}`,
  };
}

function count(words: number): string {
  return words === 1 ? "1 word" : `${words} words`;
}

/** No commit and no date: the same sources must make the same bytes. */
function writeHeader(comment: string, pieces: Pieces): Buffer {
  const names = pieces.map(({ source }) => `${comment}   ${printable(sourceName(source))}`);
  return Buffer.from([`${comment} Made by mace. Change its sources, not this file:`, ...names, "", ""].join("\n"));
}

/** A text that lacks its last newline gets one, unless it is the end of a file whose syntax is unknown. */
function seam(pieces: Pieces, expanded: readonly Expanded[], at: number): Buffer[] {
  const bytes = expanded[at]?.bytes;
  const isLast = at === expanded.length - 1;
  if (bytes === undefined || bytes.length === 0 || bytes.at(-1) === 10) return [];
  if ((isLast && pieces[0].confile.comment === undefined) || bytes.includes(0)) return [];
  return [NEWLINE];
}

function traceTexts(headerLines: number, pieces: Pieces, expanded: readonly Expanded[]): Origins {
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

function traceLines(
  headerLines: number,
  lines: readonly Line[],
  pieces: Pieces,
  expanded: readonly Expanded[],
): Origins {
  const origins = new Array<Origin | undefined>(headerLines).fill(undefined);
  for (const { from } of lines) {
    const source = from === undefined ? undefined : pieces[from.piece]?.source;
    if (from === undefined || source === undefined) origins.push(undefined);
    else {
      const variables = expanded[from.piece]?.variables.get(from.line) ?? [];
      origins.push({ root: source.root, path: source.path, line: from.line, variables });
    }
  }
  return origins;
}
