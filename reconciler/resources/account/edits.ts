// Account files and a change of one account in, the edits that make it out. Thinks only.
import type { GroupState, User, UserState } from "../../model/account-state.ts";
import type { Change } from "../../model/plan.ts";
import { nameOf } from "../../model/state.ts";
import { accountsIn, keyOf, lineOf, type AccountFile, type Database } from "./database.ts";
import { placeForNew, type Edit, type LineEdit, type MemberEdit } from "./edit.ts";
import { membersOf } from "./states.ts";

/** For who gets none from the fleet: no home that anything could be put into, and no way in. */
const NO_HOME = "/nonexistent";
const NO_SHELL = "/usr/sbin/nologin";
/** Matches no password, and looks locked to those who look. */
const NO_PASSWORD = "!*";

export function groupEdits(database: Database, { id, after }: Change): readonly Edit[] {
  const name = nameOf(id);
  const group = after as GroupState;
  const lines =
    group.type === "absent"
      ? { "/etc/group": undefined, "/etc/gshadow": undefined }
      : { "/etc/group": `${name}:x:${group.gid}:`, "/etc/gshadow": `${name}:${NO_PASSWORD}::` };
  return lineEdits(database, name, lines);
}

export function userEdits(database: Database, { id, after }: Change): readonly Edit[] {
  const name = nameOf(id);
  const user = after as UserState;
  if (user.type === "absent") {
    const lines = { "/etc/passwd": undefined, "/etc/shadow": undefined };
    return [...leaving(database, name), ...lineEdits(database, name, lines)];
  }
  const old = lineOf(database, "/etc/passwd", name);
  const line = passwdLine(database, name, user, old);
  const shadow = old === undefined ? { "/etc/shadow": `${name}:${NO_PASSWORD}:::::::` } : {};
  return [...joining(database, name, user.groups), ...lineEdits(database, name, { ...shadow, "/etc/passwd": line })];
}

/** What the fleet does not care for stays as it is. */
function passwdLine(database: Database, name: string, user: User, old: string | undefined): string {
  const gid = lineOf(database, "/etc/group", user.group)?.split(":")[2] ?? "";
  const [, , , , comment = "", home = NO_HOME, shell = NO_SHELL] = old?.split(":") ?? [];
  const password = old?.split(":")[1] ?? (database.has("/etc/shadow") ? "x" : "*");
  return [name, password, user.uid, gid, comment, user.home ?? home, user.shell ?? shell].join(":");
}

type NewLines = Partial<Record<AccountFile, string | undefined>>;

/** A system without shadow files gets none from us. */
function lineEdits(database: Database, name: string, wanted: NewLines): readonly LineEdit[] {
  return Object.entries(wanted).flatMap(([key, after]) => {
    const file = key as AccountFile;
    const lines = database.get(file) ?? (isShadow(file) ? undefined : [""]);
    if (lines === undefined) return [];
    const found = lines.findIndex((line) => keyOf(line) === name);
    const before = lines[found];
    if (before === after) return [];
    const at = found < 0 ? placeForNew(lines) : found;
    const above = at === 0 ? "" : keyOf(lines[at - 1] ?? "");
    return [
      {
        type: "line",
        file,
        name,
        at,
        above,
        ...(before !== undefined && { before }),
        ...(after !== undefined && { after }),
      },
    ];
  });
}

function isShadow(file: AccountFile): boolean {
  return file === "/etc/shadow" || file === "/etc/gshadow";
}

function joining(database: Database, user: string, groups: readonly string[]): readonly MemberEdit[] {
  return lists(database)
    .filter(({ name, field, before }) => field === MEMBERS && groups.includes(name) && !before.includes(user))
    .map((list) => ({ ...list, user, joins: true }));
}

function leaving(database: Database, user: string): readonly MemberEdit[] {
  return lists(database)
    .filter(({ before }) => before.includes(user))
    .map((list) => ({ ...list, user, joins: false }));
}

const ADMINISTRATORS = 2;
const MEMBERS = 3;

/** The lists of users in the lines of all groups; a name that stands twice counts once. */
function lists(database: Database): readonly Omit<MemberEdit, "user" | "joins">[] {
  const found = new Map<string, Omit<MemberEdit, "user" | "joins">>();
  for (const file of ["/etc/group", "/etc/gshadow"] as const) {
    for (const fields of accountsIn(database.get(file))) {
      for (const field of file === "/etc/group" ? [MEMBERS] : [ADMINISTRATORS, MEMBERS]) {
        const key = `${file} ${fields[0] ?? ""} ${field}`;
        const before = membersOf(fields[field] ?? "");
        if (!found.has(key)) found.set(key, { type: "member", file, name: fields[0] ?? "", field, before });
      }
    }
  }
  return [...found.values()];
}
