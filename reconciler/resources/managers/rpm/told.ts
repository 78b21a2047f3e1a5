// What a program printed in; the part worth telling a person out.
import type { Problem } from "../../../../common/problem.ts";
import { printableLines } from "../../../../common/printable.ts";
import type { CommandResult } from "../../../machine/machine.ts";

const LONGEST = 1500;
/** Debian's rpm warns of itself; an image may lack the package that says which release it is. */
const NOISE =
  /^(rpm: (RPM should not be used directly|However assuming you know).*|Unable to detect release version.*|\s*)$/u;

/** The end of the program's complaints, or of its output when it had none. */
export function toldBy({ ended, code, stderr, stdout }: CommandResult): string {
  const text = [stderr, stdout.toString()].map(withoutNoise).find((words) => words !== "") ?? "it said nothing";
  const how = ended === undefined ? `exit code ${String(code)}` : `ended: ${ended}`;
  return `${safeWords(text).slice(-LONGEST)} (${how})`;
}

/** Fit for a terminal or a log: the address of a repository may carry a password. */
export function safeWords(text: string): string {
  return printableLines(text).replace(/(?<=:\/\/)[^/\s@]*@/gu, "");
}

export function withoutNoise(text: string): string {
  const lines = text.split("\n").filter((line) => !NOISE.test(line));
  return lines.join("\n").trim();
}

const CODES: Readonly<Record<string, string>> = {
  "not-found": "manager-missing",
  timeout: "manager-timeout",
  aborted: "manager-aborted",
};

export function managerFailed(manager: string, result: CommandResult): Problem {
  return {
    code: CODES[result.ended ?? ""] ?? "manager-failed",
    what: `${manager} did not do it: ${toldBy(result)}`,
    hint:
      result.ended === "not-found"
        ? "is it installed? (of dnf it has to be version 4, as in python3-dnf)"
        : "look at its own log on the server; the next run tries again",
  };
}
