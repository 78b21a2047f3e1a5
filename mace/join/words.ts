// Pieces that are lists of words and a pattern in; one line after that pattern for each of theirs out.
import { type Line, linesOf } from "./line.ts";

/** A line that does not have as many words as the pattern asks for. */
export interface WordFault {
  /** Place in the list of pieces. */
  readonly piece: number;
  /** Counts from 1. */
  readonly line: number;
  readonly wanted: number;
  readonly found: number;
}

export interface Arranged {
  readonly lines: readonly Line[];
  readonly faults: readonly WordFault[];
}

/** `LoadModule {1} modules/{2}` makes a whole line of `rewrite_module mod_rewrite.so`; comments and empty lines stay. */
export function arrangeWords(texts: readonly string[], pattern: string, comment: string | undefined): Arranged {
  const wanted = Math.max(0, ...Array.from(pattern.matchAll(/\{(\d)\}/g), ([, number]) => Number(number)));
  const faults: WordFault[] = [];
  const lines = texts.flatMap(linesOf).map((line) => {
    const text = line.text.trim();
    if (text === "" || (comment !== undefined && text.startsWith(comment))) return line;
    const words = text.split(/\s+/);
    if (words.length !== wanted && line.from !== undefined) faults.push({ ...line.from, wanted, found: words.length });
    return { ...line, text: pattern.replace(/\{(\d)\}/g, (_mark, number: string) => words[Number(number) - 1] ?? "") };
  });
  return { lines, faults };
}
