// What the ways of joining share: lines in, each knowing which line of which piece it is.

/** A line without its line end. Lines that mace itself writes have no `from`. */
export interface Line {
  readonly text: string;
  readonly from?: {
    /** Place in the list of pieces. */ readonly piece: number;
    /** Counts from 1. */ readonly line: number;
  };
}

/** The lines of one piece's text; a last one without line end counts. */
export function linesOf(text: string, piece: number): readonly Line[] {
  if (text === "") return [];
  const texts = (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
  return texts.map((line, at) => ({ text: line, from: { piece, line: at + 1 } }));
}
