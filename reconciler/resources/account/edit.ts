// Edits of single lines and single members: done, and taken back whatever else has happened to the file since.
import { keyOf, type AccountFile, type Database, type Lines } from "./database.ts";
import { membersOf } from "./states.ts";

/** A line of one account that comes (no `before`), goes (no `after`) or is replaced. */
export interface LineEdit {
  readonly type: "line";
  readonly file: AccountFile;
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
  /** Where it stood, and the name in the line above it. */
  readonly at: number;
  readonly above: string;
}

/** A user that comes into a list of a group's line, or goes out of it. */
export interface MemberEdit {
  readonly type: "member";
  readonly file: "/etc/group" | "/etc/gshadow";
  readonly name: string;
  readonly user: string;
  readonly joins: boolean;
  /** Counts from 0 in the line: members, or in gshadow its administrators. */
  readonly field: number;
  /** The list before. */
  readonly before: readonly string[];
}

export type Edit = LineEdit | MemberEdit;

export function doEdit(database: Database, edit: Edit): Database {
  return withLines(database, edit.file, (lines) =>
    edit.type === "line"
      ? replaceLine(lines, edit, edit.after)
      : changeMembers(lines, edit, (members) => (edit.joins ? [...members, edit.user] : without(members, edit.user))),
  );
}

/** `left` when somebody else changed that line meanwhile: it stays then. Done twice, it changes nothing more. */
export function undoEdit(database: Database, edit: Edit): { readonly database: Database; readonly left: boolean } {
  const now = database.get(edit.file)?.find((line) => keyOf(line) === edit.name);
  if (edit.type === "member") {
    return { database: withLines(database, edit.file, (lines) => undoMember(lines, edit)), left: false };
  }
  if (isSame(now, edit.before)) return { database, left: false };
  if (now !== edit.after) return { database, left: true };
  return { database: withLines(database, edit.file, (lines) => replaceLine(lines, edit, edit.before)), left: false };
}

/** Whoever joined a group of ours since then does not make it another group. */
function isSame(now: string | undefined, before: string | undefined): boolean {
  if (now === undefined || before === undefined) return now === before;
  return now === before || (now.split(":").length === 4 && withoutLists(now) === withoutLists(before));
}

function withoutLists(line: string): string {
  return line.split(":").slice(0, 3).join(":");
}

function undoMember(lines: Lines, edit: MemberEdit): Lines {
  const { user, joins, before } = edit;
  return changeMembers(lines, edit, (members) => {
    if (joins) return without(members, user);
    if (members.includes(user)) return members;
    if (String(members) === String(without(before, user))) return before;
    const earlier = new Set(before.slice(0, before.indexOf(user)));
    return members.toSpliced(members.findLastIndex((member) => earlier.has(member)) + 1, 0, user);
  });
}

function without(members: readonly string[], user: string): readonly string[] {
  return members.filter((member) => member !== user);
}

function changeMembers(
  lines: Lines,
  { name, field }: MemberEdit,
  change: (members: readonly string[]) => readonly string[],
): Lines {
  const at = lines.findIndex((line) => keyOf(line) === name);
  const fields = lines[at]?.split(":") ?? [];
  const list = fields[field];
  if (list === undefined) return lines;
  return lines.with(at, fields.with(field, change(membersOf(list)).join(",")).join(":"));
}

function replaceLine(lines: Lines, { name, at, above }: LineEdit, line: string | undefined): Lines {
  const now = lines.findIndex((each) => keyOf(each) === name);
  if (line === undefined) return now < 0 ? lines : lines.toSpliced(now, 1);
  if (now >= 0) return lines.with(now, line);
  return lines.toSpliced(placeFor(lines, at, above), 0, line);
}

function placeFor(lines: Lines, at: number, above: string): number {
  const expected = at === 0 ? "" : keyOf(lines[at - 1] ?? "");
  if (at <= lines.length && expected === above) return at;
  const found = lines.findIndex((line) => keyOf(line) === above);
  return found < 0 ? placeForNew(lines) : found + 1;
}

/** At the end, but above what asks NIS for everybody else. */
export function placeForNew(lines: Lines): number {
  const nis = lines.findIndex((line) => /^[+-]/u.test(line));
  if (nis >= 0) return nis;
  return lines.at(-1) === "" ? lines.length - 1 : lines.length;
}

function withLines(database: Database, file: AccountFile, change: (lines: Lines) => Lines): Database {
  return new Map(database).set(file, change(database.get(file) ?? [""]));
}
