// An old content that was kept in; a new file elsewhere on this machine, which only its maker may read, out.
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { refuse, succeed, type Result } from "../../common/problem.ts";
import type { FileReader } from "../machine/machine.ts";
import { readKept, type Kept } from "../state/kept.ts";

/** Never over a file that is there, nor through a link. Resolves with its whole path. */
export async function takeOut(state: FileReader, kept: Kept, to: string): Promise<Result<string>> {
  const file = resolve(to);
  const bytes = await readKept(state, kept);
  if (bytes === undefined) {
    const what = `what was kept of it by the run ${kept.run} is not what it was`;
    return refuse({ code: "kept-damaged", where: { file: kept.path }, what, hint: "take another one of the list" });
  }
  try {
    await writeFile(file, bytes, { flag: "wx", mode: 0o600 });
    return succeed(file);
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    const hint = why === "EEXIST" ? "name a file that is not there yet" : "name another place, with room on its disk";
    return refuse({ code: "not-written", where: { file }, what: `it cannot be written (${why})`, hint });
  }
}
