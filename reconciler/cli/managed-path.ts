// A path as a person wrote it in, the path below the managed root out.
import { posix } from "node:path";
import { refuse, succeed, type Result } from "../../common/problem.ts";

/** A path below a managed root other than "/" may be written as this machine has it, too. */
export function managedPath(word: string, root: string): Result<string> {
  if (!word.startsWith("/")) {
    const hint = "write it from the root on, such as /etc/motd";
    return refuse({ code: "not-a-path", what: `${word} is not an absolute path`, hint });
  }
  const path = posix.normalize(word).replace(/(?<=.)\/$/u, "");
  return succeed(root !== "/" && path.startsWith(`${root}/`) ? path.slice(root.length) : path);
}
