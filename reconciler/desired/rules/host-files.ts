// Rules for files, once everything that speaks for a host is merged.
import type { Problem } from "../../../common/problem.ts";
import type { FileWish } from "../../model/desired.ts";
import type { Wishes } from "../wishes/wishes.ts";
import { parentsOf } from "../file-path.ts";

/** What should be a file, a link or nothing cannot have something below it. */
export function nothingBelowAFile({ files }: Pick<Wishes, "files">): Problem[] {
  return [...files.values()].flatMap((wish) => {
    if (wish.content.type === "absent") return [];
    const above = parentsOf(wish.path).find((path) => blocks(files.get(path)));
    if (above === undefined) return [];
    const what = `${above} should be ${NOUNS[files.get(above)?.content.type ?? "rendered"]}, so nothing can be below it`;
    return [
      {
        code: "below-a-file",
        where: wish.where,
        what,
        hint: `write \`directory: true\` for ${above}, or choose another path`,
      },
    ];
  });
}

const NOUNS: Readonly<Record<FileWish["content"]["type"], string>> = {
  rendered: "a file",
  copy: "a file",
  template: "a file",
  link: "a link",
  absent: "absent",
  directory: "a directory",
};

function blocks(wish: FileWish | undefined): boolean {
  return wish !== undefined && wish.content.type !== "directory";
}
