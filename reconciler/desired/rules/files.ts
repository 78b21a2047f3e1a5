// Rules for `files:`, `policy:` and `confirm:` of one file.
import type { Problem } from "../../../common/problem.ts";
import type { Tree } from "../../model/revision.ts";
import { faultOfPath } from "../file-path.ts";
import type { Layer } from "../layer.ts";
import { entriesOf, wordsIn } from "../nullable.ts";
import { pointer } from "../pointer.ts";
import { faultOfSource, guessSource } from "../sources.ts";
import { CONTENT_WORDS } from "../written.ts";
import type { WrittenFile } from "../written.ts";

export function filePathsAreSafe(layer: Layer): Problem[] {
  return Object.keys(layer.says.files ?? {}).flatMap((path) => faultsOfPath(layer, "files", path));
}

/** A policy may be for a directory: it ends with a slash then. */
export function policyPathsAreSafe(layer: Layer): Problem[] {
  return Object.keys(layer.says.policy ?? {}).flatMap((path) =>
    path === "/" ? [] : faultsOfPath(layer, "policy", path, path.replace(/\/$/u, ""), path.endsWith("/") ? "/" : ""),
  );
}

/** The same for what is to be confirmed; names of services and packages are the schema's. */
export function confirmedPathsAreSafe(layer: Layer): Problem[] {
  return Object.keys(layer.says.confirm ?? {}).flatMap((word) =>
    !word.startsWith("/") || word === "/"
      ? []
      : faultsOfPath(layer, "confirm", word, word.replace(/\/$/u, ""), word.endsWith("/") ? "/" : ""),
  );
}

export function oneContentWord(layer: Layer): Problem[] {
  return entries(layer).flatMap(([path, entry]) => {
    const words = wordsIn(entry, CONTENT_WORDS);
    if (words.length < 2) return [];
    const what = `${words.join(" and ")} exclude one another`;
    return [{ code: "many-contents", where: placeOf(layer, path, words[1]), what, hint: "keep one of them" }];
  });
}

/** `env` alone is right too: it adds to a template that a farther file named. */
export function variablesNeedATemplate(layer: Layer): Problem[] {
  return entries(layer).flatMap(([path, entry]) => {
    const others = wordsIn(entry, ["directory", "absent", "link", "copy"]);
    if (!entry.env || entry.template || others.length === 0) return [];
    const hint = `use template instead of ${others[0] ?? ""}, or take env out`;
    return [
      { code: "env-without-template", where: placeOf(layer, path, "env"), what: "only a template has variables", hint },
    ];
  });
}

export function sourcesExist(layer: Layer, tree: Tree): Problem[] {
  const guessed = guessSource(tree);
  return entries(layer).flatMap(([path, entry]) =>
    wordsIn(entry, ["copy", "template"]).flatMap((word) => {
      const fault = faultOfSource(entry[word] ?? "", tree, guessed);
      return fault === undefined ? [] : [{ where: placeOf(layer, path, word), ...fault }];
    }),
  );
}

export function checksNameTheFile(layer: Layer): Problem[] {
  return entries(layer).flatMap(([path, { check }]) => {
    if (!check) return [];
    const where = placeOf(layer, path, "check");
    if (!check.some((argument) => argument.includes("{file}"))) {
      const hint = 'put "{file}" where the checker expects the name of the file: [/usr/sbin/sshd, -t, -f, "{file}"]';
      return [{ code: "check-without-file", where, what: "the checker is not told which file to check", hint }];
    }
    if (isProgram(check[0] ?? "")) return [];
    return [
      {
        code: "not-a-program",
        where,
        what: "the first argument is not a program",
        hint: "begin with its absolute path, such as /usr/sbin/sshd",
      },
    ];
  });
}

function isProgram(argument: string): boolean {
  return argument.startsWith("/")
    ? faultOfPath(argument) === undefined
    : /^[A-Za-z0-9][A-Za-z0-9._+-]*$/u.test(argument);
}

function faultsOfPath(layer: Layer, section: string, key: string, path = key, slash = ""): Problem[] {
  const fault = faultOfPath(path, slash);
  return fault === undefined ? [] : [{ code: "bad-path", where: layer.place(pointer(section, key)), ...fault }];
}

function entries(layer: Layer): [string, WrittenFile][] {
  return entriesOf(layer.says.files);
}

function placeOf(layer: Layer, path: string, word = "") {
  return layer.place(pointer("files", path, word));
}
