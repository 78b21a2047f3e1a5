// Small pieces of Markdown.

/** A table; cells may hold anything that fits on a line. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

export function code(text) {
  return text === "" ? "" : `\`${text}\``;
}

/** The first page line of a generated page. */
export function generated(from) {
  return `<!-- Made by \`npm run docs\` from ${from}. Change those, not this page. -->`;
}
