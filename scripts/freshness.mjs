// Tells whether dist/ was built from the sources as they are now: names, sizes and times in, yes or no out.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Everything that what is in dist/ was made from. */
const sources = [
  "common",
  "reconciler",
  "mace",
  "templates",
  "desired-state/schema",
  "scripts",
  "package.json",
  "package-lock.json",
];

/** Whether the last build saw exactly these sources and all that it made is still there. */
export function isCurrent(root) {
  const record = join(root, "dist/.built");
  if (!existsSync(record)) return false;
  const { state, made } = JSON.parse(readFileSync(record, "utf8"));
  return state === stateOfSources(root) && made.every((path) => existsSync(join(root, path)));
}

/** Remembers what a build saw when it began, and what it made. */
export function recordBuild(root, state, made) {
  writeFileSync(join(root, "dist/.built"), JSON.stringify({ state, made }, undefined, 1));
}

// Equality, not age: a school server's clock may leap, and a checkout may bring older files.
export function stateOfSources(root) {
  const hash = createHash("sha256");
  for (const path of filesOf(root, sources)) {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest("hex");
}

/** Paths of the files below some folders (or the files themselves), sorted, without what the build generates. */
export function filesOf(root, starts) {
  const found = starts.filter((start) => existsSync(join(root, start))).flatMap((start) => walk(root, start));
  return found.filter((path) => !path.endsWith(".generated.js")).sort();
}

function walk(root, path) {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path)).flatMap((name) => walk(root, `${path}/${name}`));
}
