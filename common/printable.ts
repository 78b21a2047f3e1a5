// Text from outside on its way to a terminal, a log or a web page: control characters become visible escapes.

const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** One line, safe to print: an escape sequence from a commit message cannot reach the terminal through it. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escapeCharacter);
}

/** The same for many lines: newlines and tabs stay. */
export function printableLines(text: string): string {
  return text.replace(UNPRINTABLE, (found) => (found === "\n" || found === "\t" ? found : escapeCharacter(found)));
}

function escapeCharacter(found: string): string {
  const code = found.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
