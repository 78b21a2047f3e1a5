// What zypper answered in; actions, versions, locks and complaints out.
import type { PackageAction } from "../manager.ts";
import { keyOf } from "../rpm/names.ts";
import type { Offer } from "../rpm/offers.ts";
import { tagsOf, type Tag } from "./xml.ts";

/** The transaction of an `install-summary`. */
export function parseSummary(xml: string): readonly PackageAction[] {
  return tagsOf(xml).flatMap((tag) => {
    const section = tag.path.at(-1) ?? "";
    if (tag.name !== "solvable" || !section.startsWith("to-") || tag.attributes.get("type") !== "package") return [];
    return actionOf(tag, section);
  });
}

function actionOf(tag: Tag, section: string): PackageAction[] {
  const edition = tag.attributes.get("edition");
  const name = keyOfTag(tag);
  if (edition === undefined || name === undefined || section === "to-reinstall") return [];
  if (section === "to-remove") return [{ name, from: edition }];
  const from = tag.attributes.get("edition-old");
  if (from === edition) return [];
  return [{ name, ...(from === undefined ? {} : { from }), to: edition }];
}

function keyOfTag({ attributes }: Tag): string | undefined {
  const [name, arch] = [attributes.get("name"), attributes.get("arch")];
  return name === undefined || arch === undefined ? undefined : keyOf(name, arch);
}

interface Update {
  readonly key: string;
  readonly from: string;
  readonly to: string;
}

/** Of `list-updates`. */
export function parseUpdates(xml: string): readonly Update[] {
  return tagsOf(xml).flatMap((tag) => {
    const [from, to] = [tag.attributes.get("edition-old"), tag.attributes.get("edition")];
    const key = keyOfTag(tag);
    const isPackage = tag.name === "update" && tag.attributes.get("kind") === "package";
    return isPackage && key !== undefined && from !== undefined && to !== undefined ? [{ key, from, to }] : [];
  });
}

/** Of `search --details`: what repositories have; installed ones that no repository has are left out. */
export function parseFound(xml: string): readonly Offer[] {
  return tagsOf(xml).flatMap((tag) => {
    const [kind, version] = [tag.attributes.get("kind"), tag.attributes.get("edition")];
    const key = keyOfTag(tag);
    const offered = tag.attributes.get("repository") !== "(System Packages)";
    return kind === "package" && offered && key !== undefined && version !== undefined ? [{ key, version }] : [];
  });
}

/** Why the solver cannot; of what it suggests to a person only that a lock is in the way tells something. */
export function explanationOf(xml: string): string {
  const descriptions = tagsOf(xml).filter(({ name, path }) => name === "description" && path.at(-1) === "prompt");
  return descriptions.flatMap(({ text }) => reasonsIn(text)).join("\n");
}

function reasonsIn(description: string): readonly string[] {
  const lines = description.split("\n").filter((line) => line !== "");
  const solutions = lines.findIndex((line) => line.startsWith(" Solution "));
  const reasons = solutions < 0 ? lines : lines.slice(0, solutions);
  return [...reasons, ...lines.slice(reasons.length).filter((line) => line.includes(" lock "))];
}

/** What a person would have read of complaints, without the XML around it. */
export function plainWords(xml: string): string {
  const texts = tagsOf(xml).filter(
    ({ name, attributes, path }) =>
      (name === "message" && attributes.get("type") !== "info") || (name === "description" && path.at(-1) === "prompt"),
  );
  return texts.map(({ text }) => text.trim()).join("\n");
}

/** Where `download` put an archive. */
export function parseDownloaded(xml: string): string | undefined {
  return tagsOf(xml)
    .find(({ name }) => name === "localfile")
    ?.attributes.get("path");
}

/** Repositories that did not answer, with what was said before each was passed over. */
export function silentRepositories(xml: string): ReadonlyMap<string, string> {
  const silent = new Map<string, string>();
  let why = "it did not say why";
  for (const { name, text } of tagsOf(xml)) {
    if (name !== "message") continue;
    const skipped = /Skipping repository '([^']+)'/u.exec(text)?.[1];
    if (skipped !== undefined) silent.set(skipped, why);
    why = /^Error message: (.*)$/mu.exec(text)?.[1] ?? text.split("\n")[0] ?? why;
  }
  return silent;
}

/** Patterns of names in `/etc/zypp/locks`. */
export function parseLocks(text: string): readonly string[] {
  return text.split(/\n\s*\n/u).flatMap((block) => {
    const name = /^solvable_name:\s*(\S+)\s*$/mu.exec(block)?.[1];
    const type = /^type:\s*(\S+)\s*$/mu.exec(block)?.[1] ?? "package";
    return name !== undefined && type === "package" ? [name] : [];
  });
}
