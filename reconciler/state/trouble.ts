// What went wrong with a file of the state directory in; the words that name it by its whole path out.
import { join } from "node:path";
import { describeFileError } from "../machine/file-problem.ts";
import { FileError } from "../machine/machine.ts";
import type { Problem } from "../../common/problem.ts";

/** `folder` is the state directory on this machine, which the state's own files know nothing of. */
export function stateProblem({ code, operation, path }: FileError, folder: string): Problem {
  return describeFileError(new FileError(code, operation, join(folder, path)));
}
