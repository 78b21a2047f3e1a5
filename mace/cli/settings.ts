// Options and the environment file in, everything that one run needs out.
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { type Problem, type Result, refuse, succeed } from "../../common/problem.ts";
import { parseEnvironment } from "../environment.ts";
import type { Environment, Family, MakeInput, Root } from "../model.ts";
import { readProviders } from "../providers.ts";
import { PROVIDERS, type Providers } from "../services/all.ts";
import { readRoot } from "../walk.ts";
import { chooseFamily } from "./family.ts";

/** As commander hands them on. */
export interface Options {
  readonly src: readonly string[];
  readonly dst?: string;
  readonly include: readonly string[];
  /** Folders of files that describe services. */
  readonly providers: readonly string[];
  readonly family?: string;
  readonly json?: true;
}

export interface Settings {
  readonly input: MakeInput;
  /** DST_ROOT; undefined when nobody named one. */
  readonly dst: string | undefined;
  readonly family: Family;
  /** The services that mace knows, and those that PROVIDERS adds or replaces. */
  readonly providers: Providers;
}

const DEFAULT_ENV_FILE = "/etc/mace/mace.env";

/**
 * Reads the environment file and every root. Options win over SRC_ROOT, DST_ROOT, INCLUDE and PROVIDERS. `templates` is the folder
 * of the templates that come with the program.
 */
export async function readSettings(
  envFile: string | undefined,
  options: Options,
  templates: string,
): Promise<Result<Settings>> {
  const env = readEnvironment(envFile ?? (existsSync(DEFAULT_ENV_FILE) ? DEFAULT_ENV_FILE : undefined));
  if (!env.ok) return env;
  const home = dirname(resolve(envFile ?? DEFAULT_ENV_FILE));
  const dst = options.dst ?? absolute(home, env.value.get("DST_ROOT")?.value);
  const family = chooseFamily(options.family, dst ?? "/");
  const roots = await readRoots(foldersFor(options, env.value, home, templates));
  const providers = await loadProviders(providerFoldersFor(options, env.value, home));
  const problems = [family, roots, providers].flatMap((one): readonly Problem[] => (one.ok ? [] : one.problems));
  if (!family.ok || !roots.ok || !providers.ok) return refuse(...problems);
  const input = { roots: roots.value, env: env.value, family: family.value };
  return succeed({ input, dst, family: family.value, providers: providers.value });
}

function readEnvironment(file: string | undefined): Result<Environment> {
  if (file === undefined) return succeed(new Map());
  try {
    return parseEnvironment(file, readFileSync(file));
  } catch {
    return refuse({
      code: "no-env-file",
      where: { file },
      what: "cannot be read",
      hint: "name the school's .env file",
    });
  }
}

interface Folder {
  readonly name: string;
  readonly folder: string;
  /** The layer of the templates that the folder is, so that other roots can override and hide it by that name. */
  readonly layer?: string;
}

/** Additional sources come first, so that the deployment's own can supplement, override and hide them. */
function foldersFor(options: Options, env: Environment, home: string, templates: string): readonly Folder[] {
  const wanted = options.include.map((entry) => includedFolder(entry, ".", templates));
  const written = split(env.get("INCLUDE")?.value).map((entry) => includedFolder(entry, home, templates));
  const source = absolute(home, env.get("SRC_ROOT")?.value);
  const own = options.src.length > 0 ? options.src : source === undefined ? [] : [source];
  return [...(wanted.length > 0 ? wanted : written), ...own.map((folder) => ({ name: folder, folder }))];
}

function providerFoldersFor(options: Options, env: Environment, home: string): readonly string[] {
  if (options.providers.length > 0) return options.providers;
  return split(env.get("PROVIDERS")?.value).map((folder) => resolve(home, folder));
}

/** Later folders add to, or replace, what mace itself and earlier folders know. */
async function loadProviders(folders: readonly string[]): Promise<Result<Providers>> {
  let known = PROVIDERS;
  const problems: Problem[] = [];
  for (const folder of folders) {
    const root = await readRoot(folder, folder);
    const read = root.ok ? readProviders(folder, root.value.files, known) : root;
    if (read.ok) known = read.value;
    else problems.push(...read.problems);
  }
  return problems.length > 0 ? refuse(...problems) : succeed(known);
}

/** A plain name such as `0300.proxy` is one of the templates; a path begins with `/`, `./` or `../`. */
function includedFolder(entry: string, home: string, templates: string): Folder {
  if (isAbsolute(entry)) return { name: entry, folder: entry };
  if (entry.startsWith("./") || entry.startsWith("../")) return { name: entry, folder: resolve(home, entry) };
  const layer = entry.replace(/\/+$/, "");
  return { name: basename(templates), folder: join(templates, layer), layer };
}

async function readRoots(folders: readonly Folder[]): Promise<Result<readonly Root[]>> {
  if (folders.length === 0) {
    const hint = "name a folder with --src or --include, or set SRC_ROOT or INCLUDE in the environment file";
    return refuse({ code: "no-sources", what: "there are no configuration sources", hint });
  }
  const roots = await Promise.all(folders.map(readFolder));
  const problems = roots.flatMap((root) => (root.ok ? [] : root.problems));
  if (problems.length > 0) return refuse(...problems);
  return succeed(roots.flatMap((root) => (root.ok ? [root.value] : [])));
}

async function readFolder({ name, folder, layer }: Folder): Promise<Result<Root>> {
  if (layer === undefined) return readRoot(name, folder);
  const root = await readRoot(`${name}/${layer}`, folder);
  if (!root.ok) return root;
  const below = (path: string): string => `${layer}/${path}`;
  const files = new Map([...root.value.files].map(([path, bytes]) => [below(path), bytes]));
  return succeed({ name, files, skipped: (root.value.skipped ?? []).map(below) });
}

function split(list: string | undefined): readonly string[] {
  return (list ?? "").split(":").filter((entry) => entry !== "");
}

function absolute(home: string, path: string | undefined): string | undefined {
  return path === undefined || path === "" ? undefined : resolve(home, path);
}
