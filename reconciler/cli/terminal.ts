// Where a verb's words go: results to stdout, trouble to stderr.
import { describeProblem, type Problem } from "../../common/problem.ts";

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** One JSON value on stdout, for programs. */
export function sayJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** Every problem, each with its place and its remedy. With `json`, on stdout as a value. */
export function sayProblems(problems: readonly Problem[], json = false): void {
  if (json) sayJson({ version: 1, kind: "problems", problems });
  else process.stderr.write(`${problems.map(describeProblem).join("\n")}\n`);
}

/** 2 is left to the verbs that tell changes: `plan`, and `--now --detailed-exitcodes`. */
export const EXIT = { settled: 0, notSettled: 1, rolledBack: 3, rollbackFailed: 4, usage: 64 } as const;
