// `mace explain PATH`: each line of a final file with the source it came from, and what was overridden or hidden.
import { nearest } from "../../common/nearest.ts";
import { type Problem, type Result, refuse, succeed } from "../../common/problem.ts";
import { sourceName } from "../layer.ts";
import { make } from "../make.ts";
import type { Family, FinalFile, MakeInput, Origin, Piece } from "../model.ts";
import { place } from "../place.ts";
import type { Providers } from "../services/all.ts";
import { coloursFor, oneLine, type Output, printJson } from "./print.ts";
import type { Options, Settings } from "./settings.ts";

export async function explain(
  settings: Settings,
  options: Options,
  output: Output,
  path: string,
): Promise<Result<void>> {
  const made = make(settings.input, settings.providers);
  if (!made.ok) return made;
  const file = made.value.files.find((candidate) => candidate.path === path);
  const gone = goneFrom(path, made.value.pieces, settings);
  if (file === undefined && gone.length === 0) return refuse(notMade(path, made.value.files));
  const lines = file === undefined ? [] : linesOf(file);
  if (options.json === true) printJson(output, "mace-explain", true, { path, service: file?.service, lines, gone });
  else {
    printLines(output, lines);
    if (file === undefined) output.out(`${oneLine(path)} is not made: every source of it is hidden\n`);
    for (const piece of gone) output.out(`${describeGone(piece)}\n`);
  }
  return succeed(undefined);
}

interface ExplainedLine {
  readonly text: string;
  readonly origin?: Origin;
}

function linesOf(file: FinalFile): ExplainedLine[] {
  if (file.bytes.includes(0)) return [{ text: "(binary)", ...(file.origins[0] ? { origin: file.origins[0] } : {}) }];
  const texts = file.bytes.toString("utf8").split("\n");
  return file.origins.map((origin, at) => ({ text: texts[at] ?? "", ...(origin === undefined ? {} : { origin }) }));
}

function printLines(output: Output, lines: readonly ExplainedLine[]): void {
  const named = lines.map(({ origin }) => (origin === undefined ? "mace" : `${sourceName(origin)}:${origin.line}`));
  const width = Math.min(60, Math.max(0, ...named.map((name) => name.length)));
  lines.forEach(({ text, origin }, at) => {
    const variables = origin?.variables.length ? `   (${origin.variables.join(", ")})` : "";
    const name = coloursFor(output).dim(oneLine(named[at] ?? "").padEnd(width));
    output.out(`${name}  ${oneLine(text)}${variables}\n`);
  });
}

/** Overridden and hidden pieces that would have been part of the file. */
function goneFrom(path: string, pieces: readonly Piece[], { input, providers }: Settings): readonly Piece[] {
  const gone = pieces.filter(({ fate }) => fate !== "used");
  return gone.filter((piece) => finalPath(piece, input.roots, input.family, providers) === path);
}

function finalPath(
  { root, path }: Piece,
  roots: MakeInput["roots"],
  family: Family,
  providers: Providers,
): string | undefined {
  const rank = roots.findIndex((candidate) => candidate.name === root && candidate.files.has(path));
  const bytes = roots[rank]?.files.get(path) ?? Buffer.alloc(0);
  const placed = place({ root, rank, path, segments: path.split("/"), bytes }, family, providers);
  return placed.ok ? placed.value?.path : undefined;
}

function describeGone(piece: Piece): string {
  return oneLine(`${piece.fate}: ${sourceName(piece)} by ${piece.by ?? "nothing"}`);
}

function notMade(path: string, files: readonly FinalFile[]): Problem {
  const paths = files.map((file) => file.path);
  const guess = nearest(path, paths);
  const hint = guess === undefined ? `these are: ${paths.slice(0, 20).join(", ")}` : `did you mean ${guess}?`;
  return { code: "not-made", where: { file: path }, what: "is not made from these sources", hint };
}
