// Rules for `accounts:`, `packages:` and `services:` of one file.
import type { Problem } from "../../../common/problem.ts";
import { faultOfPath } from "../file-path.ts";
import type { Layer } from "../layer.ts";
import { entriesOf, wordsIn } from "../nullable.ts";
import { pointer } from "../pointer.ts";
import { VERSION_WORDS } from "../written-system.ts";
import type { WrittenPackage, WrittenService } from "../written-system.ts";

/** These are the distribution's, and other numbers or groups for them would break more than one service. */
const RESERVED = { users: ["root", "nobody"], groups: ["root", "nobody", "nogroup"] };

export function accountsAreOurs(layer: Layer): Problem[] {
  return (["users", "groups"] as const).flatMap((section) =>
    entriesOf(layer.says.accounts?.[section])
      .map(([name]) => name)
      .filter((name) => RESERVED[section].includes(name))
      .map((name) => ({
        code: "reserved-account",
        where: layer.place(pointer("accounts", section, name)),
        what: `${name} belongs to the system`,
        hint: "give the service an account of its own, such as kiwix",
      })),
  );
}

export function accountPathsAreSafe(layer: Layer): Problem[] {
  return entriesOf(layer.says.accounts?.users).flatMap(([name, user]) =>
    wordsIn(user, ["home", "shell"]).flatMap((word) => {
      const fault = faultOfPath(user[word] ?? "");
      const where = layer.place(pointer("accounts", "users", name, word));
      const hint = user[word] === "/dev/null" ? "write /nonexistent" : fault?.hint;
      return fault === undefined ? [] : [{ code: "bad-path", where, what: fault.what, ...(hint && { hint }) }];
    }),
  );
}

/** None is right: any version will do then. */
export function oneVersionWord(layer: Layer): Problem[] {
  return longForms<WrittenPackage>(layer.says.packages).flatMap(([name, wish]) => {
    const words = wordsIn(wish, VERSION_WORDS);
    if (words.length < 2) return [];
    const where = layer.place(pointer("packages", name, words[1] ?? ""));
    return [
      { code: "many-versions", where, what: `${words.join(" and ")} exclude one another`, hint: "keep one of them" },
    ];
  });
}

/** A service may read a directory: it ends with a slash then. */
export function readPathsAreSafe(layer: Layer): Problem[] {
  return longForms<WrittenService>(layer.says.services).flatMap(([name, { reads }]) =>
    (reads ?? []).flatMap((path, index) => {
      const fault = faultOfPath(path.replace(/(?!^)\/$/u, ""), path.endsWith("/") ? "/" : "");
      const where = layer.place(pointer("services", name, "reads", String(index)));
      return fault === undefined ? [] : [{ code: "bad-path", where, ...fault }];
    }),
  );
}

function longForms<T extends object>(section: Parameters<typeof entriesOf<T | string>>[0]): [string, T][] {
  return entriesOf(section).flatMap(([name, entry]) => (typeof entry === "string" ? [] : [[name, entry]]));
}
