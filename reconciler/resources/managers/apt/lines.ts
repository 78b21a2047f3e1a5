// The printed answer of apt-get in, the indented lines below one of its headings out.

/** `heading` is how the line above them begins; the words of names stand several on a line. */
export function linesBelow(text: string, heading: string): readonly string[] {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line.startsWith(heading));
  if (start < 0) return [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => !line.startsWith(" "));
  return (end < 0 ? rest : rest.slice(0, end)).map((line) => line.trim());
}
