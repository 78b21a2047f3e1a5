// Any files in, all that lies below "/" as plain comparable lines out.
import type { FileReader } from "../../reconciler/machine/machine.ts";

/** Path, type, mode, owner and content of each. */
export async function treeOf(files: FileReader, path = "/"): Promise<string[]> {
  const stat = files.stat(path);
  if (stat === undefined) return [];
  const { type, uid, gid } = stat;
  const content =
    type === "regular" ? await files.digest(path) : type === "symlink" ? files.readLink(path) : String(stat.nlink);
  const line = `${path} ${type} ${stat.mode.toString(8)} ${uid}:${gid} ${content}`;
  if (type !== "directory") return [line];
  const names = files.list(path).sort();
  const below = await Promise.all(names.map((name) => treeOf(files, `${path === "/" ? "" : path}/${name}`)));
  return [line, ...below.flat()];
}
