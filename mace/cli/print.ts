// Answers on their way to a terminal: text with colours where there is a terminal, JSON where --json asks for it.
import picocolors from "picocolors";
import { wantsColour } from "../../common/colour.ts";
import { printable, printableLines } from "../../common/printable.ts";
import { describeProblem, type Problem } from "../../common/problem.ts";

/** Both channels, so that tests can read what was said. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
  readonly colours: boolean;
}

export const terminal: Output = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  colours: wantsColour(process.stdout, process.env),
};

export function coloursFor(output: Output): ReturnType<typeof picocolors.createColors> {
  return picocolors.createColors(output.colours);
}

/** Every problem, each with its place and remedy, and how many there are. */
export function printProblems(output: Output, problems: readonly Problem[]): void {
  for (const problem of problems) output.err(`${describeProblem(problem)}\n`);
  output.err(`${problems.length === 1 ? "1 problem" : `${problems.length} problems`}\n`);
}

export function printNotices(output: Output, notices: readonly Problem[]): void {
  for (const notice of notices) output.err(`note: ${describeProblem(notice)}\n`);
}

/** The documented shape: `version`, `kind` and `ok` first. Strings are as they are; a terminal should not show them. */
export function printJson(output: Output, kind: string, ok: boolean, content: object): void {
  output.out(`${JSON.stringify({ version: 1, kind, ok, ...content }, null, 2)}\n`);
}

/** A unified diff with colours. */
export function paintDiff(output: Output, diff: string): string {
  const colours = coloursFor(output);
  const paint = (line: string): string => {
    if (line.startsWith("+")) return colours.green(line);
    return line.startsWith("-") ? colours.red(line) : line;
  };
  return printableLines(diff).split("\n").map(paint).join("\n");
}

export function oneLine(text: string): string {
  return printable(text);
}
