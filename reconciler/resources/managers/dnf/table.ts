// The table that dnf prints of a transaction in; its actions out.
import { refuse, succeed, type Result } from "../../../../common/problem.ts";
import { printable } from "../../../../common/printable.ts";
import type { PackageAction } from "../manager.ts";
import type { Entry } from "../rpm/database.ts";
import { keyOf, splitKey } from "../rpm/names.ts";
import { versionsOf, type Versions } from "../rpm/wishes.ts";

type Meaning = "new" | "other-version" | "gone" | "nothing";

interface Row {
  readonly meaning: Meaning;
  readonly words: string[];
}

const RULE = /^={20,}$/u;

export function parseTable(stdout: string, entries: readonly Entry[]): Result<readonly PackageAction[]> {
  const rows: Row[] = [];
  let meaning: Meaning | undefined;
  for (const line of tableLines(stdout)) {
    if (line.trim() === "") continue;
    if (line.startsWith(" ")) {
      if (meaning !== undefined) addWords(rows, meaning, line);
      continue;
    }
    meaning = meaningOf(line);
    if (meaning === undefined) return refuse(notUnderstood(line));
  }
  const versions = versionsOf(entries);
  return succeed(withoutRepeats(rows.flatMap((row) => actionOf(row, versions))));
}

/** Between the heading of the last table and its summary. */
function tableLines(stdout: string): readonly string[] {
  const lines = stdout.split("\n").map((line) => line.replace(/^(> )+/u, ""));
  const end = lines.lastIndexOf("Transaction Summary");
  const rules = lines.slice(0, Math.max(0, end)).flatMap((line, at) => (RULE.test(line) ? [at] : []));
  return end < 0 ? [] : lines.slice((rules.at(-1) ?? end) + 1, end);
}

function meaningOf(heading: string): Meaning | undefined {
  if (heading.startsWith("Installing")) return "new";
  if (/^(Upgrading|Downgrading):/u.test(heading)) return "other-version";
  if (heading.startsWith("Removing")) return "gone";
  return /^(Reinstalling|Skipping packages|\(add )/u.test(heading) ? "nothing" : undefined;
}

/** One space begins a row; a row that is too long goes on below, further in. */
function addWords(rows: Row[], meaning: Meaning, line: string): void {
  const words = line.trim().split(/\s+/u);
  if (/^ \S/u.test(line)) rows.push({ meaning, words });
  else if (words[0] === "replacing") rows.push({ meaning: "gone", words: replacedWords(words) });
  else rows.at(-1)?.words.push(...words);
}

/** `replacing  oldname.noarch 1.0-1` */
function replacedWords([, nameAndArch = "", version = ""]: readonly string[]): string[] {
  const dot = nameAndArch.lastIndexOf(".");
  return [nameAndArch.slice(0, dot), nameAndArch.slice(dot + 1), version];
}

function actionOf({ meaning, words }: Row, versions: Versions): PackageAction[] {
  const [name = "", arch = "", version = ""] = words;
  const key = keyOf(name, arch);
  if (meaning === "nothing") return [];
  if (meaning === "gone") return [{ name: key, from: version }];
  const from = meaning === "new" ? undefined : (versions.get(key) ?? versions.get(splitKey(key).name));
  return [{ name: key, ...(from === undefined ? {} : { from }), to: version }];
}

function withoutRepeats(actions: readonly PackageAction[]): readonly PackageAction[] {
  return [...new Map(actions.map((action) => [JSON.stringify(action), action])).values()];
}

function notUnderstood(line: string) {
  return {
    code: "unknown-answer",
    what: `dnf announces something that is not understood here: ${printable(line)}`,
    hint: "nothing was changed; do this step by hand, and tell the authors of this program",
  };
}
