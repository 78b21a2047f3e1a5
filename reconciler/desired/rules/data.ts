// Rules for `data:` of one file.
import type { Problem, Where } from "../../../common/problem.ts";
import type { Tree } from "../../model/revision.ts";
import { faultOfRsync, faultOfUrl } from "../addresses.ts";
import { faultOfPath } from "../file-path.ts";
import type { Fault } from "../file-path.ts";
import type { Layer } from "../layer.ts";
import { entriesOf, wordsIn } from "../nullable.ts";
import { pointer } from "../pointer.ts";
import { faultOfDataSource, guessSource, isFolder } from "../sources.ts";
import { SUPPLY_WORDS } from "../written-system.ts";
import type { WrittenDataItem } from "../written-system.ts";

export function dataPathsAreSafe(layer: Layer): Problem[] {
  return Object.keys(layer.says.data ?? {}).flatMap((path) => {
    const fault = faultOfPath(path) ?? faultOfPlace(path);
    return fault === undefined ? [] : [{ code: "bad-path", where: placeOf(layer, path), ...fault }];
  });
}

/** None is right in one file: it may change an item of a farther file. */
export function oneDataSource(layer: Layer): Problem[] {
  return items(layer).flatMap(([path, item]) => {
    const words = wordsIn(item, SUPPLY_WORDS);
    const [, second] = words;
    if (second === undefined) return [];
    const what = `${words.join(" and ")} exclude one another`;
    return [{ code: "many-sources", where: placeOf(layer, path, second), what, hint: "keep one of them" }];
  });
}

export function dataWordsFitTheirSource(layer: Layer): Problem[] {
  return items(layer).flatMap(([path, item]) =>
    wordsIn(item, SUPPLY_WORDS).length === 1
      ? idleDataWords(item).map(({ word, ...problem }) => ({ ...problem, where: placeOf(layer, path, word) }))
      : [],
  );
}

/** Words that mean nothing beside the source. */
export function idleDataWords(item: WrittenDataItem): (Problem & { readonly word: string; readonly hint: string })[] {
  const [source] = wordsIn(item, SUPPLY_WORDS);
  if (source === undefined || source === "http") return [];
  return wordsIn(item, ["sha256", "size_mib"]).map((word) => {
    return { word, code: "idle-word", what: `${word} means nothing beside ${source}`, hint: "it goes with http" };
  });
}

export function dataCopiesExist(layer: Layer, tree: Tree): Problem[] {
  const guessed = guessSource(tree);
  return items(layer).flatMap(([path, { copy, unpack }]) => {
    if (!copy) return [];
    const fault = faultOfDataSource(copy, tree, guessed);
    if (fault !== undefined) return [{ where: placeOf(layer, path, "copy"), ...fault }];
    if (!unpack || !isFolder(copy, tree)) return [];
    const what = `${copy} is a folder, and only an archive can be unpacked`;
    return [{ code: "not-an-archive", where: placeOf(layer, path, "unpack"), what, hint: "take unpack out" }];
  });
}

export function dataAddressesAreValid(layer: Layer): Problem[] {
  return items(layer).flatMap(([target, { http, rsync, path }]) => {
    const faults: [string, Fault | undefined][] = [
      ["http", http ? faultOfUrl(http, "serve it where none is needed, or let rsync fetch it over ssh") : undefined],
      ["rsync", rsync ? faultOfRsync(rsync) : undefined],
      ["path", path ? (faultOfPath(path) ?? faultOfItself(path, target)) : undefined],
    ];
    return faults.flatMap(([word, fault]) =>
      fault === undefined ? [] : [{ code: "bad-source", where: placeOf(layer, target, word), ...fault }],
    );
  });
}

/** Folders of the system itself, in which others put things: replaced whole, the server would be gone. */
const SYSTEM =
  /^\/(?:[^/]+|(?:usr|var|lib|lib64|bin|sbin|boot|run)\/[^/]+|etc\/(?:systemd|apt|ssh|ssl|pam\.d|init\.d))$/u;
const OWN = /^\/var\/(?:www|srv)$/u;

function faultOfPlace(path: string): Fault | undefined {
  if (!SYSTEM.test(path) || OWN.test(path)) return undefined;
  return {
    what: `data takes the place of all that lies in ${path}, and that is a folder of the system`,
    hint: "choose a folder of its own, such as /srv/library",
  };
}

function faultOfItself(path: string, target: string): Fault | undefined {
  if (path !== target && !path.startsWith(`${target}/`) && !target.startsWith(`${path}/`)) return undefined;
  return { what: `it would be copied into itself: it is to lie at ${target}`, hint: "name the place it comes from" };
}

function items(layer: Layer): [string, WrittenDataItem][] {
  return entriesOf(layer.says.data);
}

function placeOf(layer: Layer, path: string, ...words: readonly string[]): Where {
  return layer.place(pointer("data", path, ...words));
}
