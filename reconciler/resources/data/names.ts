// A path in, what our own files around it are called out: versions, what is being brought, and what is going.
import { createHash } from "node:crypto";
import { parentOf } from "../file/names.ts";

/** Characters of the item's own name that ours begin with: four bytes each still leave room in a name of 255. */
const LONGEST_NAME = 40;
/** Hex digits of a digest that tell the versions of one item apart. */
const DIGEST_DIGITS = 16;

/**
 * Hidden, and with an end that run-parts, cron and the like pass over. The path's own digest is in it, because content
 * may have to wait in a folder above, beside that of another item with the same name.
 */
function prefixOf(path: string): string {
  return `.${Array.from(lastNameOf(path)).slice(0, LONGEST_NAME).join("")}-${keyOf(path).slice(0, 8)}.`;
}

/** A name for an item where its own path would not do. */
export function keyOf(path: string): string {
  return createHash("sha256").update(path).digest("hex").slice(0, DIGEST_DIGITS);
}

/** One version as a whole: on its way in, or kept after it was replaced. */
export function versionName(folder: string, path: string, digest: string): string {
  return join(folder, `${prefixOf(path)}${digest.slice(0, DIGEST_DIGITS)}~`);
}

/** What a step replaced, until the verdict. */
export function backupName(folder: string, path: string, run: string, n: number): string {
  return join(folder, `${prefixOf(path)}${run}-${n}.old~`);
}

/** A folder that only we may enter, in which a version comes to be. */
export function workshopName(folder: string, path: string): string {
  return join(folder, `${prefixOf(path)}coming~`);
}

/** Names of the tree that was replaced last, for the next one to begin from. */
export function spareName(folder: string, path: string): string {
  return join(folder, `${prefixOf(path)}spare~`);
}

/** What nobody needs any more and is about to be removed. */
export function goneName(name: string): string {
  return `${name.replace(/~$/u, "")}.gone~`;
}

/** The digits that follow in the name of a version, for names in a folder. */
export function versionDigits(name: string, path: string): string | undefined {
  return after(name, path, /^([0-9a-f]{16})~$/u);
}

export function isGone(name: string, path: string): boolean {
  return after(name, path, /^(.*)\.gone~$/u) !== undefined;
}

function after(name: string, path: string, pattern: RegExp): string | undefined {
  const prefix = prefixOf(path);
  return name.startsWith(prefix) ? pattern.exec(name.slice(prefix.length))?.[1] : undefined;
}

export function digitsOf(digest: string): string {
  return digest.slice(0, DIGEST_DIGITS);
}

export function lastNameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export function join(folder: string, name: string): string {
  return folder === "/" ? `/${name}` : `${folder}/${name}`;
}

export { parentOf };
