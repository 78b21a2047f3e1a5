// Rules for data beside files and beside other data, once everything that speaks for a host is merged.
import type { Problem } from "../../../common/problem.ts";
import { parentsOf } from "../file-path.ts";
import type { Wishes } from "../wishes/wishes.ts";

type Paths = Pick<Wishes, "data" | "files">;

/** An item is put in place whole, so nothing else can be kept in it. */
export function nothingInsideData({ data, files }: Paths): Problem[] {
  return [...data.values(), ...files.values()].flatMap(({ path, where }) => {
    const around = parentsOf(path).find((parent) => data.has(parent));
    if (around === undefined) return [];
    const what = `${around} is data that is put in place whole, so nothing else can be kept in it`;
    return [{ code: "inside-data", where, what, hint: "choose a path beside it, or make it part of that data" }];
  });
}

/** One path is either of `files:` or of `data:`, and what should be a file has no data below it. */
export function dataHasItsPlace({ data, files }: Paths): Problem[] {
  return [...data.values()].flatMap(({ path, where }) => {
    if (files.has(path)) {
      return [{ code: "two-sources", where, what: `${path} is in files: as well`, hint: "keep one of the two" }];
    }
    const above = parentsOf(path).find((parent) => (files.get(parent)?.content.type ?? "directory") !== "directory");
    if (above === undefined) return [];
    const what = `${above} in files: should not be a directory, so nothing can be below it`;
    const hint = `write \`directory: true\` for ${above}, or choose another path`;
    return [{ code: "below-a-file", where, what, hint }];
  });
}
