// An answer to "why?" in, the lines that tell it out; everything in them is safe to print.
import { describePlace } from "../../common/problem.ts";
import { printable } from "../../common/printable.ts";
import type { Standing } from "../model/plan.ts";
import type { FileState } from "../model/file-state.ts";
import type { Answer, Credit, Explanation, GoneSource, Part, Unmanaged, UsedVariable } from "./explanation.ts";
import { lineNumbers } from "./ranges.ts";

/** `program` is this program's version. */
export function describeAnswer(answer: Answer, program: string): readonly string[] {
  return answer.managed ? describeManaged(answer.explanation, program) : describeUnmanaged(answer.unmanaged);
}

function describeManaged(explanation: Explanation, program: string): readonly string[] {
  const { path, revision, parts, variables, gone } = explanation;
  return [
    `${printable(path)} at ${revision.commit.slice(0, 12)} "${printable(revision.subject)}"`,
    ...ownership(explanation).map((line) => `  ${line}`),
    ...section("lines", table(parts.map((part) => partWords(part, program)))),
    ...section("variables", table(variables.map(variableWords))),
    ...section("did not count", gone.map(goneWords)),
  ];
}

function ownership(explanation: Explanation): readonly string[] {
  const { by, wish, wanted, policy, owner, group, origin, check } = explanation;
  if (by === "folder")
    return [
      "a directory in which something is to lie: made when missing, otherwise left alone",
      presentWords(explanation),
    ];
  const mode = "mode" in wanted ? `mode ${wanted.mode.toString(8).padStart(4, "0")}` : "";
  const asked = wish === undefined ? "" : `asked for in ${placeWords(wish.where)}${creditWords(wish.credit)}`;
  return [
    `${kindWords(wanted)}, made by ${printable(by)}`,
    asked,
    [`owner ${printable(owner ?? "root")}:${printable(group ?? "root")}`, mode, `policy ${policy}`]
      .filter(Boolean)
      .join(", "),
    check === undefined ? "" : `checked by ${printable(check.join(" "))}`,
    ORIGINS[origin ?? "none"],
    presentWords(explanation),
  ].filter((line) => line !== "");
}

function kindWords(wanted: FileState): string {
  switch (wanted.type) {
    case "regular":
      return `a file of ${wanted.size} bytes`;
    case "symlink":
      return `a link to ${printable(wanted.target)}`;
    case "absent":
      return "nothing is to be here";
    case "directory":
    case "special":
      return `a ${wanted.type}`;
  }
}

const ORIGINS = {
  created: "it was not here before us, so it is removed when git no longer wants it",
  adopted: "it was here before us, so it is never removed",
  none: "we have not made it yet",
} as const;

const STANDINGS: Readonly<Record<Standing, string>> = {
  in_sync: "in sync",
  pending: "pending: git changed it, the next run writes it",
  drift: "drift: it was changed on this server since we wrote it",
  conflict: "conflict: git changed it, and so did somebody on this server",
  foreign: "foreign: it was here before us and is not as git wants it",
};

function presentWords({ present }: Explanation): string {
  if (present === undefined) return "now: not looked at, because its policy is ignore";
  return `now: ${present.standing === undefined ? "it cannot be looked at" : STANDINGS[present.standing]}`;
}

/** Lines of the file, their source, and who wrote it: one column each. */
function partWords({ from, to, source, credit }: Part, program: string): readonly string[] {
  const lines = lineNumbers({ from, to });
  if (source === undefined) return [lines, "mace (the header)", ""];
  const who = source.shipped ? `this program's version ${program}` : creditWords(credit, "");
  return [lines, `${printable(source.file)}:${lineNumbers(source)}`, who];
}

/** `a1b2c3d4e5f6 Fleet Admin 2026-11-23`. */
function creditWords(credit: Credit | undefined, before = ", "): string {
  if (credit === undefined) return "";
  const day = new Date(credit.time * 1000).toISOString().slice(0, 10);
  return `${before}${credit.commit.slice(0, 12)} ${printable(credit.author)} ${day}`;
}

function variableWords({ name, value, where }: UsedVariable): readonly string[] {
  return [printable(name), value === undefined ? "(not shown)" : printable(value), `set in ${placeWords(where)}`];
}

function placeWords(where: UsedVariable["where"]): string {
  return describePlace(where) || "an unknown place";
}

function goneWords({ file, fate, by }: GoneSource): string {
  return printable(`${file}: ${fate}${by === undefined ? "" : ` by ${by}`}`);
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}

const WIDEST = 60;

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const width = (column: number) => Math.min(WIDEST, Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  const widths = [width(0), width(1)];
  return rows.map((row) =>
    row
      .map((word, column) => word.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function describeUnmanaged({ path, revision, retired, gone, nearest }: Unmanaged): readonly string[] {
  return [
    `${printable(path)} is not managed: ${revision.commit.slice(0, 12)} "${printable(revision.subject)}" says nothing of it`,
    ...(retired === true ? ["  we made it once; the next run removes it"] : []),
    ...section("did not count", gone.map(goneWords)),
    ...section("did you mean", nearest.map(printable)),
  ];
}
