// What apt-get or dpkg answered when something did not work in, the problems for a person out.
import type { Problem } from "../../../../common/problem.ts";
import { printable, printableLines } from "../../../../common/printable.ts";
import type { CommandResult } from "../../../machine/machine.ts";
import { linesBelow } from "./lines.ts";
import { ENDINGS } from "./problems.ts";
import { RULES } from "./rules.ts";

const LONGEST_TEXT = 2000;

/** Never empty: call it when the answer was not the one hoped for. */
export function complaints(result: CommandResult, program: string): readonly Problem[] {
  const ending = result.ended === undefined ? undefined : ENDINGS[result.ended];
  if (ending !== undefined) return [ending(program)];
  const known = knownComplaints(result);
  return known.length > 0 ? known : [unknownComplaint(result, program)];
}

/** Those that one of our rules has words for; also those that a program mentions although it says that all went well. */
export function knownComplaints({ stdout, stderr }: CommandResult): readonly Problem[] {
  const text = `${stdout.toString()}\n${stderr}`;
  const problems = text.split("\n").flatMap((line) => {
    for (const [pattern, tell] of RULES) {
      const match = pattern.exec(line);
      if (match !== null)
        return tell(match.slice(1).map(printable), (heading) => linesBelow(text, heading).map(printable));
    }
    return [];
  });
  return withoutEchoes(distinct(problems));
}

/** Several programs may complain of the same. */
export function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify([problem.code, problem.what]), problem])).values()];
}

/** That dpkg ended badly, or that nothing fits, says less than the lines which say why. */
function withoutEchoes(problems: readonly Problem[]): readonly Problem[] {
  const clear = problems.filter(({ code }) => code !== "package-failed-somehow");
  return clear.length > 0 ? clear : problems;
}

function unknownComplaint({ code, ended, stdout, stderr }: CommandResult, program: string): Problem {
  const errors = stderr.split("\n").filter((line) => /^(?:(?:E|dpkg|dpkg-query|dpkg-deb): | )/u.test(line));
  const words = errors.length > 0 ? errors.join("\n") : stderr.trim() === "" ? stdout.toString() : stderr;
  return {
    code: "manager-failed",
    what: `${program} ended with ${ended ?? code ?? "nothing"}: ${printableLines(words.trim()).slice(-LONGEST_TEXT)}`,
    hint: "look in /var/log/apt/history.log and /var/log/dpkg.log, and try the same by hand",
  };
}
