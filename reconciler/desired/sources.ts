// A path of the repository that somebody wants copied in; what is wrong with it, if anything, out.
import type { Problem } from "../../common/problem.ts";
import type { Tree } from "../model/revision.ts";
import { faultOfPath } from "./file-path.ts";
import { guess } from "./words.ts";

/** Where copies and templates come from: texts of the fleet, and pure data that is handed on unchanged. */
const SOURCE_FOLDERS = ["files/", "data/"];

/** The nearest source to a mistyped one. */
export type Guess = (source: string) => string | undefined;

/** A source that is a file. */
export function faultOfSource(source: string, tree: Tree, guessed: Guess): Omit<Problem, "where"> | undefined {
  return outside(source) ?? (tree.has(source) ? undefined : missing(source, guessed));
}

/** A source that is a file or a folder. */
export function faultOfDataSource(source: string, tree: Tree, guessed: Guess): Omit<Problem, "where"> | undefined {
  const plain = source.replace(/\/+$/u, "");
  if (plain !== source && outside(plain) === undefined) {
    return { code: "bad-source", what: `${source} ends with a slash`, hint: `write ${plain}` };
  }
  return (
    outside(source, "data/") ?? (tree.has(source) || isFolder(source, tree) ? undefined : missing(source, guessed))
  );
}

export function isFolder(source: string, tree: Tree): boolean {
  for (const path of tree.keys()) if (path.startsWith(`${source}/`)) return true;
  return false;
}

/** Guessing compares letter by letter, so it is done for the first few among the first few only. */
const MOST_GUESSES = 20;
const MOST_SOURCES = 2000;

export function guessSource(tree: Tree): Guess {
  let left = MOST_GUESSES;
  let sources: string[] | undefined;
  return (source) => {
    if (left-- <= 0) return undefined;
    sources ??= [...tree.keys()].filter(isSource).slice(0, MOST_SOURCES);
    return guess(source, sources);
  };
}

function isSource(path: string): boolean {
  return SOURCE_FOLDERS.some((folder) => path.startsWith(folder));
}

function outside(source: string, folder = "files/"): Omit<Problem, "where"> | undefined {
  if (isSource(source) && faultOfPath(`/${source}`) === undefined) return undefined;
  const hint = `put it into the folder ${folder} of the repository and write ${folder}<name>`;
  return { code: "bad-source", what: `${source} does not lie below ${SOURCE_FOLDERS.join(" or ")}`, hint };
}

function missing(source: string, guessed: Guess): Omit<Problem, "where"> {
  const near = guessed(source);
  const hint = near === undefined ? "add it to the repository, and mind capital letters" : `did you mean ${near}?`;
  return { code: "missing-source", what: `${source} is not in the repository`, hint };
}
