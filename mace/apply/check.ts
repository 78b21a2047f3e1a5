// Staged files in, what the services' own checkers say about them out.
import { existsSync } from "node:fs";
import { extname } from "node:path";
import { printable, printableLines } from "../../common/printable.ts";
import type { Problem } from "../../common/problem.ts";
import { checkerCall, refusalOf, type Checker } from "../../common/checker.ts";
import type { FinalFile } from "../model.ts";
import { type CommandEnd, type CommandRunner, TIMEOUT_MS } from "./command.ts";
import { createFile, removeFile } from "./files.ts";

export interface Staged {
  readonly file: FinalFile;
  /** Real path of the copy that a checker may read. */
  readonly at: string;
}

/** Where a final file lies that is not staged. */
type RealPath = (path: string) => string;

export interface Checked {
  /** Final paths that a checker read and found good. */
  readonly passed: readonly string[];
  readonly notices: readonly Problem[];
  readonly problems: readonly Problem[];
}

/** Runs each file's checker, one after another. A checker that is not installed is said aloud, not passed over. */
export async function check(staged: readonly Staged[], run: CommandRunner, realPath?: RealPath): Promise<Checked> {
  const checked = { passed: new Array<string>(), notices: new Array<Problem>(), problems: new Array<Problem>() };
  const copies = new Map(staged.map(({ file, at }) => [file.path, at]));
  const copyOf: RealPath = (path) => copies.get(path) ?? realPath?.(path) ?? path;
  for (const { file, at } of staged) {
    const { checker } = file;
    if (checker === undefined) continue;
    const end = await ask(checker, { file, at }, copyOf, run);
    if (typeof end === "string") {
      checked.notices.push(notChecked(file, end));
      continue;
    }
    const refusal = refusalOf(checker, end);
    if (refusal === undefined) checked.passed.push(file.path);
    else checked.problems.push(refusedByChecker(file, at, refusal, end));
  }
  return checked;
}

/** What the checker said, or why it could not be asked. */
async function ask(
  checker: Checker,
  { file, at }: Staged,
  copyOf: RealPath,
  run: CommandRunner,
): Promise<CommandEnd | string> {
  const [program = ""] = checker.argv;
  if (checker.asRoot === true && process.geteuid?.() !== 0)
    return `${program} judges rightly only when it runs as root`;
  const lacking = checker.needs?.find((path) => !existsSync(path));
  if (lacking !== undefined) return `${program} cannot run without ${lacking}`;
  const main = mainBeside(at, file.path);
  const call = checkerCall(checker, at, main, copyOf);
  if (call === undefined) return `${printable(at)} has characters that no configuration can name`;
  try {
    if (call.main !== undefined) createFile(main, Buffer.from(call.main), 0o600);
    const end = await run(call.argv);
    return end.missing ? `${program} is not installed here, or not for this user` : end;
  } finally {
    if (call.main !== undefined) removeFile(main);
  }
}

/** Where the main configuration lies that includes a staged file while it is checked. Some go by how its name ends. */
function mainBeside(at: string, path: string): string {
  return `${at.replace(/\.new~$/, "")}.main~${extname(path)}`;
}

function notChecked(file: FinalFile, why: string): Problem {
  return { code: "not-checked", where: { file: file.path }, what: `was not checked: ${why}` };
}

function refusedByChecker(file: FinalFile, at: string, refusal: string, end: CommandEnd): Problem {
  const program = file.checker?.argv[0] ?? "";
  const output = printableLines(end.output.replaceAll("\r\n", "\n")).replaceAll(at, file.path).trim().slice(0, 4000);
  const how =
    end.code === undefined
      ? `was ended after at most ${TIMEOUT_MS / 1000} seconds`
      : `refuses it (${printable(refusal)})`;
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
