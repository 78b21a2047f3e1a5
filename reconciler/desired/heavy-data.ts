// What a host should have, and its texts, in; what is too heavy to travel in git, out.
import type { Problem } from "../../common/problem.ts";
import type { DataWish, DesiredState } from "../model/desired.ts";
import type { Tree } from "../model/revision.ts";

/** Above this many bytes an item is told; it is made all the same. */
const MOST_BYTES = 8 * 2 ** 20;
const MIB = 2 ** 20;

/** Measured: git makes a delta of the whole list, on the server that gives it and on the one that takes it. */
const TRAVEL_OTHERWISE =
  "let it travel by rsync or http: a change of 1 % of a list of 200 MB takes git 20 s and about 1 GB of memory, and rsync less than 1 s";

export function heavyData({ data }: Pick<DesiredState, "data">, tree: Tree): Problem[] {
  return [...data.values()].flatMap((wish) => {
    const bytes = bytesOf(wish, tree);
    if (bytes <= MOST_BYTES) return [];
    const what = `${wish.path} has ${Math.ceil(bytes / MIB)} MiB in the repository; ${MOST_BYTES / MIB} are the most that should travel in git`;
    return [{ code: "heavy-data", where: wish.where, what, hint: TRAVEL_OTHERWISE }];
  });
}

function bytesOf({ source }: DataWish, tree: Tree): number {
  if (source.type !== "repository") return 0;
  let bytes = tree.get(source.path)?.bytes.length ?? 0;
  for (const [path, file] of tree) if (path.startsWith(`${source.path}/`)) bytes += file.bytes.length;
  return bytes;
}
