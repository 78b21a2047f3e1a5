// One path and what everything was rendered from in; its variables, and which of its sources did not count, out.
import { variablesOf } from "../../mace/make.ts";
import type { Environment, MakeInput, Piece } from "../../mace/model.ts";
import { place } from "../../mace/place.ts";
import { PROVIDERS } from "../../mace/services/all.ts";
import type { FileWish } from "../model/desired.ts";
import { withOwn } from "./environment.ts";
import type { Trace } from "./rendered.ts";

/** `input` is what mace made everything from, `pieces` what became of it; `wish` is what `files:` says of the path. */
export function trace(path: string, input: MakeInput, pieces: readonly Piece[], wish: FileWish | undefined): Trace {
  const gone = pieces.filter((piece) => piece.fate !== "used" && finalPath(piece, input) === path);
  return { variables: variablesFor(input, wish), gone };
}

/** A template of `files:` sees the host's variables and its own; a piece sees those of the roots' .env files as well. */
function variablesFor(input: MakeInput, wish: FileWish | undefined): Environment {
  if (wish?.content.type === "template") return withOwn(input.env, wish.content.env, wish.where.file ?? "");
  const gathered = variablesOf(input);
  return gathered.ok ? gathered.value : new Map();
}

/** Where a source would have gone. */
function finalPath({ root, path }: Piece, { roots, family }: MakeInput): string | undefined {
  const rank = roots.findIndex(({ name, files }) => name === root && files.has(path));
  const bytes = roots[rank]?.files.get(path) ?? Buffer.alloc(0);
  const placed = place({ root, rank, path, segments: path.split("/"), bytes }, family, PROVIDERS);
  return placed.ok ? placed.value?.path : undefined;
}
