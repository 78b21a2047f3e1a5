// What the YAML parser complains of, in the words of somebody who has to repair the file.
import { printable } from "../../common/printable.ts";

interface Explanation {
  readonly code: string;
  readonly what: string;
  readonly hint: string;
}

const QUOTE =
  'text that contains ": " or " #", or begins with one of @ ` % & * ! | > { [ has to be quoted: key: "text"';

/** The beginning of what the parser says, what it means, and what to do. */
const KNOWN: readonly (readonly [string, string, string])[] = [
  ["tab characters must not", "a tab is used for indentation", "indent with spaces, two for each level"],
  [
    "bad indentation of a mapping",
    "this line does not fit the lines around it",
    `keys of one map begin in one column; ${QUOTE}`,
  ],
  [
    "bad indentation of a sequence",
    "this item does not fit the list around it",
    "items of one list begin in one column: - item",
  ],
  [
    "nesting exceeded",
    "it is nested too deeply",
    "nothing here needs more than six levels; look for a bracket that is not closed",
  ],
  [
    "end of the stream or a document",
    "this line does not fit the lines around it",
    "every line is `key: value` (with a space after the colon), `- item`, or a comment",
  ],
  ["expected ':' after a mapping key", "this line has no colon", "write `key: value`, with a space after the colon"],
  ["can not read a block mapping entry", "this line has no colon", "write `key: value`, with a space after the colon"],
  [
    "deficient indentation",
    "a quote or a bracket before this line is not closed",
    "close it, or indent the lines that belong to it",
  ],
  ["unexpected end of the stream within", "a quote or a bracket is not closed", "close it on the line where it begins"],
  ["missed comma", "a comma is missing between two entries in brackets", "write [one, two] or {a: 1, b: 2}"],
  ["unknown escape sequence", "a backslash means something in double quotes", "use single quotes: 'C:\\text'"],
];

export function explainSyntax(reason: string): Explanation {
  const known = KNOWN.find(([beginning]) => reason.startsWith(beginning));
  const [, what, hint] = known ?? ["", `this is not YAML: ${printable(reason)}`, QUOTE];
  return { code: "yaml-syntax", what, hint };
}
