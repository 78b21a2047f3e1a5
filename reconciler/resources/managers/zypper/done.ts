// An answer of zypper in; whether it did what it was asked out, and what it complained of, without the XML around it.
import type { Problem } from "../../../../common/problem.ts";
import type { CommandResult } from "../../../machine/machine.ts";
import { causeOf } from "../rpm/causes.ts";
import { plainWords } from "./answers.ts";

/** Done, with something to tell: patches are there, a restart is wanted, a repository was passed over. */
const DONE = [0, 100, 101, 102, 103, 106];

export function whyNot(result: CommandResult): Problem {
  return causeOf("zypper", inWords(result));
}

export function inWords(result: CommandResult): CommandResult {
  const words = `${result.stderr}\n${plainWords(result.stdout.toString())}`;
  return { ...result, stderr: words, stdout: Buffer.alloc(0) };
}

export function isDone({ code }: CommandResult): boolean {
  return code !== undefined && DONE.includes(code);
}
