// What a run told in, nothing out when it is as the story says; a Deviation otherwise.
import { lstatSync } from "node:fs";
import { join } from "node:path";
import { describeProblem, type Problem } from "../../common/problem.ts";
import type { RunResult } from "../model/outcome.ts";
import { Deviation, expectValue } from "./deviation.ts";
import { contentOf, contents, differences, traces } from "./footprint.ts";
import type { Before, Ran, School } from "./school.ts";

/** Result and exit code, with everything that was told when they are others. */
export function expectResult({ outcome, exitCode }: Ran, result: RunResult, settled: boolean): void {
  const told = outcome.problems.map((problem) => `\n${problemText(problem)}`).join("");
  if (outcome.result !== result) throw new Deviation(`The run should be ${result}, and is ${outcome.result}.${told}`);
  if (exitCode !== exitCodeOf(result, settled))
    throw new Deviation(`The exit code should not be ${exitCode ?? "missing"}.${told}`);
}

function exitCodeOf(result: RunResult, settled: boolean): number {
  if (result === "rolled_back") return 3;
  return settled ? 0 : 1;
}

/** Nothing was as much as opened for writing. */
export function expectNothingTouched({ trial }: School, before: Before): void {
  expectValue(differences(before.traces, traces(trial.root)).join(", "), "", "What was touched");
}

/** Everything has the same type, mode and content as before it happened. */
export function expectNothingDiffers({ trial }: School, before: Before): void {
  expectValue(differences(before.contents, contents(trial.root)).join(", "), "", "What differs");
}

/** Every change that was told is really there: type, content, mode. */
export function expectAsPlanned({ trial }: School, { outcome }: Ran): void {
  for (const { kind, name, after } of outcome.changes) {
    if (kind !== "file" && kind !== "data") continue;
    const path = join(trial.root, name);
    const stat = lstatSync(path);
    if (after.type === "regular") expectValue(contentOf(path), after.digest, `The content of ${name}`);
    if (after.type === "symlink") expectValue(contentOf(path), after.target, `The target of ${name}`);
    if (after.type === "directory") expectValue(stat.isDirectory(), true, `That ${name} is a folder`);
    const mode = "mode" in after && after.type !== "symlink" ? after.mode : undefined;
    if (mode !== undefined) expectValue(Number.parseInt(mode, 8), stat.mode & 0o7777, `The mode of ${name}`);
  }
}

export function expectProblem({ outcome }: Ran, isIt: (problem: Problem) => boolean): Problem {
  const found = outcome.problems.find(isIt);
  if (found !== undefined) return found;
  throw new Deviation(`The problem was not told. What was:\n${outcome.problems.map(problemText).join("\n")}`);
}

/** As a person reads it, moved in. */
export function problemText(problem: Problem): string {
  return describeProblem(problem).replace(/^/gmu, "  ");
}
