// The `files:` of the desired state become entries: links, directories, copies, templates, and what is to be absent.
import { expandBytes, expandTemplate } from "../../mace/expand.ts";
import type { FileWish } from "../model/desired.ts";
import type { FileState } from "../model/file-state.ts";
import type { Problem } from "../../common/problem.ts";
import { withOwn } from "./environment.ts";
import { definedNames, permissionsFor } from "./permissions.ts";
import { withOrigins, type Origins, type Provenance } from "./rendered.ts";
import { regular, type Work } from "./work.ts";

/** Adds the entry of one wish, or the reason why there is none. */
export function addWish(work: Work, wish: FileWish): void {
  const { path, where, content } = wish;
  const rendered = work.entries.get(path);
  if (content.type === "rendered") {
    if (rendered === undefined) work.problems.push(nothingRenders(wish));
    return;
  }
  if (rendered !== undefined) {
    work.problems.push({
      code: "two-sources",
      where,
      what: `${path} is made here and by the ${rendered.provenance.by} pieces below config/ as well`,
      hint: "keep one of them",
    });
    return;
  }
  const state = wishedState(work, wish);
  if (state === undefined) return;
  work.entries.set(path, {
    state,
    provenance: provenanceOf(work, wish),
    ...(wish.check === undefined ? {} : { check: { argv: wish.check, byFleet: true } }),
  });
}

function wishedState(work: Work, wish: FileWish): FileState | undefined {
  const { content, path } = wish;
  switch (content.type) {
    case "rendered":
    case "absent":
      return { type: "absent" };
    case "directory":
      return { type: "directory", ...permissionsFor(work, { mode: 0o755 }, wish, path) };
    case "link": {
      const { mode: _mode, ...owner } = permissionsFor(work, {}, wish, path);
      return { type: "symlink", target: content.target, ...owner };
    }
    case "copy":
    case "template": {
      const bytes = sourceBytes(work, wish);
      return bytes === undefined ? undefined : regular(work, bytes, permissionsFor(work, { mode: 0o644 }, wish, path));
    }
  }
}

function sourceBytes(work: Work, { content, where }: FileWish): Buffer | undefined {
  if (content.type !== "copy" && content.type !== "template") return undefined;
  const source = work.input.tree.get(content.source);
  if (source === undefined) {
    work.problems.push({
      code: "missing-source",
      where,
      what: `there is no ${content.source} in the repository`,
      hint: "commit it, or name a file that is there",
    });
    return undefined;
  }
  if (content.type === "copy") return source.bytes;
  const expanded = expandBytes(source.bytes, withOwn(work.env, content.env, where.file ?? ""), content.source);
  if (expanded.ok) return expanded.value.bytes;
  work.problems.push(...expanded.problems);
  return undefined;
}

function provenanceOf(work: Work, wish: FileWish): Provenance {
  const { content, where } = wish;
  const told = { by: content.type, wish: where, ...definedNames(wish.owner, wish.group) };
  if (content.type !== "copy" && content.type !== "template") return told;
  const bytes = work.input.tree.get(content.source)?.bytes;
  return bytes === undefined || bytes.includes(0)
    ? told
    : withOrigins(told, () => originsOf(work, wish, content, bytes));
}

type Sourced = Extract<FileWish["content"], { readonly source: string }>;

function originsOf(work: Work, { where }: FileWish, content: Sourced, bytes: Buffer): Origins {
  const cut = content.source.indexOf("/");
  const [root, path] = [content.source.slice(0, cut), content.source.slice(cut + 1)];
  const lines = bytes.toString("latin1").split("\n");
  if (lines.at(-1) === "") lines.pop();
  const own = content.type === "template" ? withOwn(work.env, content.env, where.file ?? "") : undefined;
  const expanded = own === undefined ? undefined : expandTemplate(bytes, own, content.source);
  const variables = expanded?.ok === true ? expanded.value.variables : [];
  return lines.map((_, index) => ({ root, path, line: index + 1, variables: variables[index] ?? [] }));
}

function nothingRenders({ path, where }: FileWish): Problem {
  return {
    code: "nothing-to-permit",
    where,
    what: `gives permissions to ${path}, but no piece below config/ or in the templates makes that file`,
    hint:
      "add one of copy, template, link, directory or absent, or a piece such as config/fleet/files.d" +
      `${path}/10-text.conf`,
  };
}
