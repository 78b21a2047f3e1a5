// A path in, the folder that it really leads to out, by a way without links: what other programs are told to work in.
import { FileError, type FileReader } from "../../machine/machine.ts";
import { join, lastNameOf, parentOf } from "./names.ts";

/** As many as Linux itself follows. */
const MOST_LINKS = 40;

/** The nearest one that is there. Links are followed inside the root, and only those that the door to files follows. */
export function realFolder(files: FileReader, folder: string): string {
  const left = folder.split("/");
  let at = "/";
  let links = 0;
  for (let name = left.shift(); name !== undefined; name = left.shift()) {
    if (name === "" || name === ".") continue;
    if (name === "..") {
      at = parentOf(at);
      continue;
    }
    const next = join(at, name);
    const type = files.stat(next)?.type;
    if (type === undefined) return at;
    if (type === "directory") {
      at = next;
      continue;
    }
    if (type !== "symlink" || ++links > MOST_LINKS) throw new FileError("ENOTDIR", "enter", next);
    // Throws for a link of an ordinary user.
    files.stat(join(next, "x"));
    const text = files.readLink(next);
    if (text.startsWith("/")) at = "/";
    left.unshift(...text.split("/"));
  }
  return at;
}

/** The same for what lies in a folder that is there. */
export function realPath(files: FileReader, path: string): string {
  return join(realFolder(files, parentOf(path)), lastNameOf(path));
}
