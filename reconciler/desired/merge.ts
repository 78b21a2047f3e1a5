// The files that speak for one school in, the farthest first; for each name the nearest word, and where it stands, out.
import type { Policy } from "../model/target.ts";
import type { Layer } from "./layer.ts";
import { mergeNamed, nearer } from "./merge-named.ts";
import type { Merged } from "./merge-named.ts";
import { wordsIn } from "./nullable.ts";
import type { Named } from "./nullable.ts";
import { pointer } from "./pointer.ts";
import { CONTENT_WORDS, PROBE_WORDS } from "./written.ts";
import type { Variable, WrittenBrake, WrittenFile, WrittenHealthCheck } from "./written.ts";

export function mergeTemplates(layers: readonly Layer[]): Merged<boolean> {
  return mergeNamed(layers, ["templates"], ({ says }) => says.templates, nearer);
}

export function mergeEnv(layers: readonly Layer[]): Merged<string> {
  return mergeNamed(layers, ["env"], (layer) => asText(layer, layer.says.env, "env"), nearer);
}

export function mergePolicy(layers: readonly Layer[]): Merged<Policy> {
  return mergeNamed(layers, ["policy"], ({ says }) => says.policy, nearer);
}

export function mergeConfirm(layers: readonly Layer[]): Merged<true> {
  return mergeNamed(layers, ["confirm"], ({ says }) => says.confirm, nearer);
}

export function mergeFiles(layers: readonly Layer[]): Merged<WrittenFile> {
  return mergeNamed(layers, ["files"], filesWithText, joinFiles);
}

export function mergeHealth(layers: readonly Layer[]): Merged<WrittenHealthCheck> {
  return mergeNamed(layers, ["health"], ({ says }) => says.health, joinHealthChecks);
}

/** null goes back to the default, as everywhere. */
export function mergeBrake(layers: readonly Layer[]): WrittenBrake {
  return layers.reduce<WrittenBrake>((far, { says }) => ({ ...far, ...says.brake }), {});
}

const NO_CONTENT: WrittenFile = { directory: null, absent: null, link: null, copy: null, template: null, env: null };

/** Word by word; but a nearer content takes the place of a farther one, with its variables. */
function joinFiles(far: WrittenFile | undefined, near: WrittenFile): WrittenFile {
  if (far === undefined) return near;
  const kept = wordsIn(near, CONTENT_WORDS).length > 0 ? { ...far, ...NO_CONTENT } : { ...far };
  const env = near.env === null ? null : { ...kept.env, ...near.env };
  return { ...kept, ...near, env };
}

const NO_PROBE: WrittenHealthCheck = {
  ...{ file: null, http: null, tcp: null, dns: null, exec: null },
  ...{ contains: null, status: null, server: null },
};

/** The same: a nearer probe takes the place of a farther one, with what goes with it. */
function joinHealthChecks(far: WrittenHealthCheck | undefined, near: WrittenHealthCheck): WrittenHealthCheck {
  const kept = wordsIn(near, PROBE_WORDS).length > 0 ? { ...far, ...NO_PROBE } : { ...far };
  return { ...kept, ...near };
}

function filesWithText(layer: Layer): Named<WrittenFile> | null | undefined {
  const { files } = layer.says;
  if (!Object.values(files ?? {}).some((entry) => entry?.env)) return files;
  const withText: Record<string, WrittenFile> = {};
  for (const [path, entry] of Object.entries(files ?? {})) {
    if (entry?.env) withText[path] = { ...entry, env: asText(layer, entry.env, "files", path, "env") };
  }
  return { ...files, ...withText };
}

/** Variables are text. A number is taken as it was written: a telephone number keeps its zero. */
function asText(layer: Layer, variables: Named<Variable> | null | undefined, ...keys: string[]): Named<string> {
  const texts = Object.entries(variables ?? {}).map(([name, value]): [string, string | null] => {
    const written = typeof value === "number" ? layer.written(pointer(...keys, name)) : undefined;
    return [name, value === null ? null : (written ?? String(value))];
  });
  return Object.fromEntries(texts);
}
