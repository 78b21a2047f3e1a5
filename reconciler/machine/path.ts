// A path as text in, the directory that really holds its last part out, never outside the base: the walk that real
// and remembered files share.
import { FileError } from "./machine.ts";

/** As many as Linux itself follows. */
const MOST_LINKS = 40;

/** What stands at a name on the way: a directory to go on from, or the text of a symlink. */
export type Found<D> = { readonly directory: D } | { readonly link: string };

/**
 * The parts of an absolute path; none for "/".
 * @throws FileError ELEAVESROOT unless it is plain: absolute, without "..", ".", empty parts and NUL.
 */
export function namesOf(path: string, operation: string): string[] {
  if (path === "/") return [];
  const names = path.split("/").slice(1);
  if (!path.startsWith("/") || !names.every(isPlain)) throw new FileError("ELEAVESROOT", operation, path);
  return names;
}

/** The last of them, "." for "/"; for a path whose directory has been looked at already. */
export function lastNameOf(path: string, operation: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return isPlain(name) ? name : (namesOf(path, operation).pop() ?? ".");
}

function isPlain(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !name.includes("\0");
}

/**
 * Goes from the base through the names, the last one included, and tells the directory it arrives at. Symlinks are
 * followed as chroot(2) would: an absolute one begins again at the base, and ".." stays at the base.
 * `look` throws when a name is neither a directory nor a symlink.
 */
export function walk<D>(base: D, names: readonly string[], look: (directory: D, name: string) => Found<D>): D {
  const entered: D[] = [];
  const left = [...names];
  let links = 0;
  for (let name = left.shift(); name !== undefined; name = left.shift()) {
    if (name === "" || name === ".") continue;
    if (name === "..") {
      entered.pop();
      continue;
    }
    const found = look(entered.at(-1) ?? base, name);
    if ("directory" in found) {
      entered.push(found.directory);
      continue;
    }
    if (++links > MOST_LINKS) throw Object.assign(new Error("too many symlinks"), { code: "ELOOP" });
    if (found.link.startsWith("/")) entered.length = 0;
    left.unshift(...found.link.split("/"));
  }
  return entered.at(-1) ?? base;
}
