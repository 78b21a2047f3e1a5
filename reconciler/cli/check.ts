// `reconcile check [DIR]`: every school of a desired-state folder, at a desk or in CI, without any server.
import { checkFleet, type CheckedFleet, type CheckedSchool, type SharedProblem } from "../check-fleet.ts";
import { templatesFolder } from "../package-paths.ts";
import { readTemplates } from "../render/ingredients.ts";
import { wantsColour } from "../../common/colour.ts";
import { createPaint, type Paint } from "../report/log/paint.ts";
import { amount } from "../report/words.ts";
import { readFolder } from "../source/folder.ts";
import { describeProblem, refuse, succeed, type Result } from "../../common/problem.ts";
import { printable } from "../../common/printable.ts";
import type { CommonOptions } from "./options.ts";
import { EXIT, say, sayJson, sayProblems } from "./terminal.ts";

export type CheckOptions = Pick<CommonOptions, "json">;

/** Resolves with the exit code: 0 all is well, 1 problems. */
export async function check(folder: string, options: CheckOptions): Promise<number> {
  const checked = await checkFolder(folder);
  if (!checked.ok) {
    sayProblems(checked.problems, options.json);
    return EXIT.notSettled;
  }
  if (options.json) sayJson(checkToJson(checked.value));
  else say(describeFleet(checked.value, createPaint(wantsColour(process.stdout, process.env))).join("\n"));
  return checked.value.problems.length === 0 ? EXIT.settled : EXIT.notSettled;
}

/** A whole fleet has more files than one of its servers ever reads. */
const LIMITS = { fileBytes: 4 << 20, totalBytes: 1 << 30, files: 500_000 };
const READ = /^(?:fleet\.ya?ml$|groups\/|schools\/|env\/|config\/|data\/|files\/)/u;

async function checkFolder(folder: string): Promise<Result<CheckedFleet>> {
  const [reading, templates] = [
    await readFolder(folder, (path) => READ.test(path), LIMITS),
    await readTemplates(templatesFolder()),
  ];
  if (!reading.ok || !templates.ok) {
    return refuse(...(reading.ok ? [] : reading.problems), ...(templates.ok ? [] : templates.problems));
  }
  return succeed(checkFleet(reading.value.tree, templates.value));
}

function describeFleet({ schools, problems, notices }: CheckedFleet, paint: Paint): readonly string[] {
  const width = Math.max(0, ...schools.map(({ host }) => host.length));
  const told = amount(schools.length, "school");
  const result =
    problems.length === 0
      ? paint.good(`${told}: all is well`)
      : paint.bad(`${told}: ${amount(problems.length, "problem")}`);
  return [
    ...schools.map((school) => describeSchool(school, width, paint)),
    ...notices.flatMap((notice) => describeShared(notice, schools.length, paint.careful)),
    ...problems.flatMap((problem) => describeShared(problem, schools.length, paint.bad)),
    result,
  ];
}

function describeSchool({ host, ok, files, healthChecks, groups }: CheckedSchool, width: number, paint: Paint): string {
  const name = printable(host).padEnd(width);
  if (!ok) return paint.bad(`${name}  not usable`);
  const words = [
    amount(files, "file"),
    amount(healthChecks, "health check"),
    groups.length === 0 ? "no groups" : groups.join(", "),
  ];
  return `${name}  ${printable(words.join("  "))}`;
}

const MOST_NAMED = 3;

function describeShared(
  { problem, schools }: SharedProblem,
  all: number,
  tone: (text: string) => string,
): readonly string[] {
  const [first = "", ...rest] = describeProblem(problem).split("\n");
  return [tone(first), ...rest, ...(schools.length === 0 || all === 1 ? [] : [`  in ${schoolWords(schools)}`])];
}

/** `1,000 schools`, or the names of a few. */
function schoolWords(schools: readonly string[]): string {
  return schools.length > MOST_NAMED
    ? `${schools.length.toLocaleString("en")} schools`
    : schools.map(printable).join(", ");
}

/** docs/json/check.schema.json describes every member. */
function checkToJson({ schools, problems, notices }: CheckedFleet) {
  return { version: 1, kind: "check", ok: problems.length === 0, schools, problems, notices } as const;
}
