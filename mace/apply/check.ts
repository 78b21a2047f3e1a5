// Staged files in, what the services' own checkers say about them out.
import { existsSync } from "node:fs";
import { printableLines } from "../../common/printable.ts";
import type { Problem } from "../../common/problem.ts";
import type { FinalFile } from "../model.ts";
import { type CommandEnd, type CommandRunner, TIMEOUT_MS } from "./command.ts";

export interface Staged {
  readonly file: FinalFile;
  /** Real path of the copy that a checker may read. */
  readonly at: string;
}

export interface Checked {
  /** Final paths that a checker read and found good. */
  readonly passed: readonly string[];
  readonly notices: readonly Problem[];
  readonly problems: readonly Problem[];
}

/** Runs each file's checker, one after another. A checker that is not installed is said aloud, not passed over. */
export async function check(staged: readonly Staged[], run: CommandRunner): Promise<Checked> {
  const checked = { passed: new Array<string>(), notices: new Array<Problem>(), problems: new Array<Problem>() };
  for (const { file, at } of staged) {
    if (file.check === undefined) continue;
    const argv = file.check.map((argument) => argument.replace("{file}", () => at));
    const lacking = file.checkNeeds?.find((path) => !existsSync(path));
    const end = lacking === undefined ? await run(argv) : undefined;
    if (end === undefined)
      checked.notices.push(notChecked(file, `${argv[0] ?? ""} cannot run without ${lacking ?? ""}`));
    else if (end.missing) checked.notices.push(notChecked(file, `${argv[0] ?? ""} is not installed here`));
    else if (end.code === 0) checked.passed.push(file.path);
    else checked.problems.push(refusedByChecker(file, at, argv[0] ?? "", end));
  }
  return checked;
}

function notChecked(file: FinalFile, why: string): Problem {
  return { code: "not-checked", where: { file: file.path }, what: `was not checked: ${why}` };
}

function refusedByChecker(file: FinalFile, at: string, program: string, end: CommandEnd): Problem {
  const output = printableLines(end.output.replaceAll("\r\n", "\n")).replaceAll(at, file.path).trim().slice(0, 4000);
  const how =
    end.code === undefined ? `was ended after at most ${TIMEOUT_MS / 1000} seconds` : `refuses it (exit ${end.code})`;
  const source = sourceOf(file, end.output, at);
  return {
    code: "check-failed",
    where: { file: file.path },
    what: `${program} ${how}: ${output === "" ? "it says nothing" : output}`,
    ...(source === undefined ? {} : { hint: `that line comes from ${source}` }),
  };
}

/** The source of the first line number that the checker names, as most of them do in one of two ways. */
function sourceOf(file: FinalFile, output: string, at: string): string | undefined {
  const afterName = output.split(`${at}:`)[1];
  const number = /^\s*(?:line )?(\d{1,7})/.exec(afterName ?? "") ?? /\bline (\d{1,7})/.exec(output);
  const origin = number === null ? undefined : file.origins[Number(number[1]) - 1];
  return origin === undefined ? undefined : `${origin.root}/${origin.path}:${origin.line}`;
}
