// A merged entry of `files:` in; a FileWish out.
import { refuse, succeed } from "../../../common/problem.ts";
import type { Result, Where } from "../../../common/problem.ts";
import type { FileWish } from "../../model/desired.ts";
import { present } from "../nullable.ts";
import type { WrittenFile } from "../written.ts";

export function toFileWish(path: string, written: WrittenFile, where: Where): Result<FileWish> {
  const content = contentOf(written);
  const variables = written.env ? Object.values(written.env).filter((value) => value !== null) : [];
  if (variables.length > 0 && content.type !== "template") {
    const hint = "name the template beside it (template: files/...), or take env out";
    return refuse({ code: "env-without-template", where, what: "only a template has variables", hint });
  }
  return succeed({
    path,
    where,
    ...permissionsOf(written, content.type),
    ...present("window", written.window),
    content,
  });
}

function contentOf({ directory, absent, link, copy, template, env }: WrittenFile): FileWish["content"] {
  if (directory) return { type: "directory" };
  if (absent) return { type: "absent" };
  if (link) return { type: "link", target: link };
  if (copy) return { type: "copy", source: copy };
  if (template) return { type: "template", source: template, env: textMap(env ?? {}) };
  return { type: "rendered" };
}

/** What means nothing for a content is left out: a link has no mode of its own, and what is absent has nothing. */
function permissionsOf({ owner, group, mode, check }: WrittenFile, type: FileWish["content"]["type"]) {
  if (type === "absent") return {};
  const owners = { ...(owner ? { owner } : {}), ...(group ? { group } : {}) };
  if (type === "link") return owners;
  const checked = check && type !== "directory" ? { check } : {};
  return { ...owners, ...(mode ? { mode: Number.parseInt(mode, 8) } : {}), ...checked };
}

function textMap(variables: NonNullable<WrittenFile["env"]>): Map<string, string> {
  const sorted = Object.entries(variables).sort(([one], [other]) => (one < other ? -1 : 1));
  return new Map(sorted.flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])));
}
