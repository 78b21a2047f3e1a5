// Pieces that all belong inside one block in, that one block out; each piece stays indented as it is.
import { type Line, linesOf } from "./line.ts";

export function joinInBlock(texts: readonly string[], [open, close]: readonly [string, string]): readonly Line[] {
  return [{ text: open }, ...texts.flatMap(linesOf), { text: close }];
}
