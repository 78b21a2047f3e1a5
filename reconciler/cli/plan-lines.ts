// What a cycle would do in, the lines that tell a person out; everything in them is safe to print.
import type { ForeseenChange } from "../explain-changes.ts";
import type { Foresight } from "../foresee.ts";
import type { Revision } from "../model/revision.ts";
import type { Difference, Gist, Withheld } from "../plan/explain.ts";
import type { Paint } from "../report/log/paint.ts";
import { changeSentence, heldSentence } from "../report/sentence.ts";
import { amount, shortCommit } from "../report/words.ts";
import { localTime } from "../status/time-words.ts";
import { VERSION } from "../version.ts";
import { lineNumbers, type Source } from "../why/ranges.ts";
import { describeProblem, type Problem } from "../../common/problem.ts";
import { printable } from "../../common/printable.ts";

export function describePlan(foresight: Foresight, paint: Paint): readonly string[] {
  const { changes, held, problems, notices, suspension } = foresight;
  return [
    ...heading(foresight),
    ...changes.flatMap((change) => describeChange(change, foresight.revision, paint)),
    ...held.map((each) => paint.careful(heldSentence(each))),
    ...notices.flatMap((notice) => describe(notice, paint.quiet)),
    ...problems.flatMap((problem) => describe(problem, paint.bad)),
    ...(suspension === undefined ? [] : [paint.careful(suspensionWords(suspension))]),
    summary(foresight, paint),
    "nothing was touched",
  ];
}

function heading({ host, revision, desired, refused }: Foresight): readonly string[] {
  const others = refused.map((each) => `refused: ${named(each.revision)} (${printable(each.reason)})`);
  if (revision === undefined) return [`${printable(host)}: no revision can be planned`, ...others];
  const same = desired === undefined || desired.commit === revision.commit;
  return [`${printable(host)} at ${named(revision)}`, ...(same ? [] : [`git is at ${named(desired)}`]), ...others];
}

function named(revision: Revision): string {
  return `${shortCommit(revision)} "${printable(revision.subject)}"`;
}

function describeChange(
  { change, difference, sources, risk }: ForeseenChange,
  revision: Revision | undefined,
  paint: Paint,
): readonly string[] {
  return [
    changeSentence(change),
    ...(risk === undefined ? [] : [paint.careful(`    ${riskWords(risk)}`)]),
    ...(difference === undefined ? [] : describeDifference(difference, paint)),
    ...sources.map((source) => paint.quiet(`    from ${sourceWords(source, revision)}`)),
  ];
}

function riskWords(risk: NonNullable<ForeseenChange["risk"]>): string {
  return `could cut this server off (${risk}): kept only when it is then reached as before`;
}

/** `config/fleet/files.d/etc/motd/10-hello.conf:1 at a1b2c3d4`. */
function sourceWords(source: Source, revision: Revision | undefined): string {
  const place = `${printable(source.file)}:${lineNumbers(source)}`;
  if (source.shipped) return `${place} of this program's version ${VERSION}`;
  return revision === undefined ? place : `${place} at ${shortCommit(revision)}`;
}

const WITHHELD: Readonly<Record<Withheld, string>> = {
  secret: "only its owner may read it",
  "too-large": "it is too large to be compared",
  binary: "it is not text",
  "too-different": "comparing it takes too long",
  unreadable: "it could not be read as it was found",
};

function describeDifference(difference: Difference, paint: Paint): readonly string[] {
  if (difference.type === "withheld") {
    const { why, before, after } = difference;
    return [`    content not shown, because ${WITHHELD[why]}: ${gist(before)} becomes ${gist(after)}`];
  }
  return difference.diff
    .replace(/\n$/u, "")
    .split("\n")
    .map((line) => `    ${tone(line, paint)}`);
}

function gist(side: Gist | undefined): string {
  return side === undefined ? "nothing" : `${amount(side.size, "byte")} (${side.digest})`;
}

function tone(line: string, { good, bad, quiet }: Paint): string {
  if (line.startsWith("--- ") || line.startsWith("+++ ") || line.startsWith("@@")) return quiet(line);
  if (line.startsWith("+")) return good(line);
  return line.startsWith("-") ? bad(line) : line;
}

function suspensionWords({ by, until, reason }: NonNullable<Foresight["suspension"]>): string {
  return `suspended by ${printable(by)} until ${localTime(until)}: ${printable(reason)}; cycles only look`;
}

function describe(problem: Problem, paint: (text: string) => string): readonly string[] {
  const [first = "", ...rest] = describeProblem(problem).split("\n");
  return [paint(first), ...rest];
}

function summary({ revision, changes, held, problems }: Foresight, paint: Paint): string {
  const parts = [
    ...(revision === undefined ? [] : [changes.length === 0 ? "nothing to change" : amount(changes.length, "change")]),
    ...(held.length === 0 ? [] : [`${held.length} left alone`]),
    ...(problems.length === 0 ? [] : [paint.bad(amount(problems.length, "problem"))]),
  ];
  return parts.join(", ");
}
