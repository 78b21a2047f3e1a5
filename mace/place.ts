// One source in, its place out: which service and confile it belongs to, and the path of the final file.
import { nearest } from "../common/nearest.ts";
import { type Problem, type Result, refuse, succeed } from "../common/problem.ts";
import { type Source, sourceName } from "./layer.ts";
import type { Checker } from "../common/checker.ts";
import type { Family } from "./model.ts";
import { faultInPath, serviceIndex } from "./names.ts";
import type { Providers } from "./services/all.ts";
import type { Confile, Provider } from "./services/provider.ts";

export interface Placed {
  readonly source: Source;
  readonly provider: Provider;
  readonly confile: Confile;
  /** Name of the confile. */
  readonly name: string;
  /** Final path, absolute. */
  readonly path: string;
  /** With `{name}` filled in; `{file}` and `{main}` still stand for what will be staged. */
  readonly checker?: Checker;
  /** What becomes of each line: `Confile.line` for this family. */
  readonly line?: string;
}

/** What goes into a checker's argument list must not look like an option. */
const SAFE_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

/**
 * Where a source belongs. Undefined for a file that is no piece of configuration (an empty one that hides, a README
 * outside every service directory); only the first `*.d` directory on the way names the service.
 */
export function place(source: Source, family: Family, providers: Providers): Result<Placed | undefined> {
  const at = serviceIndex(source.segments);
  const isPiece = source.path.endsWith(".conf");
  if (source.bytes.length === 0 && (at === undefined || !isPiece)) return succeed(undefined);
  if (at === undefined) return placeOutside(source, isPiece);
  const service = (source.segments[at] ?? "").slice(0, -2);
  const provider = providers.get(service);
  if (provider === undefined) return refuse(unknownService(source, at, service, providers));
  if (!isPiece) return refuse(notConf(source));
  return placeInService(source, source.segments.slice(at + 1), provider, family);
}

function placeOutside(source: Source, isPiece: boolean): Result<undefined> {
  const name = source.segments.at(-1) ?? "";
  const where = { file: sourceName(source) };
  if (name.length > 2 && name.endsWith(".d")) {
    const hint = `put its text into ${name}/10.conf; only an empty file may have this name, and hides`;
    return refuse({ code: "service-is-a-file", where, what: "is a file, but names a service directory", hint });
  }
  if (!isPiece) return succeed(undefined);
  const hint = "move it into a directory named after its service, such as squid.d/";
  return refuse({ code: "outside-service", where, what: "is in no service directory", hint });
}

function placeInService(
  source: Source,
  below: readonly string[],
  provider: Provider,
  family: Family,
): Result<Placed | undefined> {
  const single = provider.confiles[""];
  const word = single === undefined ? (below[0] ?? "") : "";
  const confile = Object.hasOwn(provider.confiles, word) ? provider.confiles[word] : undefined;
  if (confile === undefined || (word !== "" && below.length < 2)) return refuse(noConfile(source, provider, word));
  const pattern = confile.paths[family];
  if (pattern === undefined) return refuse(notOnFamily(source, provider, family));
  const directories = below.slice(word === "" ? 0 : 1, -1);
  const path = pattern.replace(/\{(?:name|path)\}/, () => directories.join("/"));
  const problem = faultOfDepth(source, pattern, directories) ?? faultOfFinalPath(source, path);
  if (problem !== undefined) return refuse(problem);
  const checker = checkerFor(provider, confile, family, directories.join("/"));
  const line = confile.line?.[family];
  return succeed({
    source,
    provider,
    confile,
    name: word,
    path,
    ...(checker === undefined ? {} : { checker }),
    ...(line === undefined ? {} : { line }),
  });
}

/** Undefined as well where the checker wants a main configuration and nobody wrote one for this family. */
function checkerFor(provider: Provider, confile: Confile, family: Family, name: string): Checker | undefined {
  const [needs, main, refuses] = [confile.checkNeeds?.[family], confile.checkMain?.[family], confile.checkRefuses];
  if (confile.check === undefined) return undefined;
  if (main === undefined && confile.check.some((word) => word.includes("{main}"))) return undefined;
  const [program = "", ...words] = confile.check;
  const argv = [confile.checkProgram?.[family] ?? program, ...words];
  return {
    argv: argv.map((word) => word.replaceAll("{name}", () => name)),
    ...(needs === undefined ? {} : { needs }),
    ...(confile.checkAsRoot === undefined ? {} : { asRoot: confile.checkAsRoot }),
    ...(main === undefined ? {} : { main: main.replaceAll("{name}", () => name), beside: filesOf(provider, family) }),
    ...(refuses === undefined ? {} : { refuses }),
  };
}

/** Final paths of a service's files, by confile; kinds of which there may be several are left out. */
function filesOf({ confiles }: Provider, family: Family): Readonly<Record<string, string>> {
  const paths = Object.entries(confiles).map(([word, { paths: own }]) => [word, own[family]] as const);
  const single = paths.filter(([word, path]) => word !== "" && path !== undefined && !path.includes("{"));
  return Object.fromEntries(single.map(([word, path]) => [word, path ?? ""]));
}

function faultOfDepth(source: Source, pattern: string, directories: readonly string[]): Problem | undefined {
  const where = { file: sourceName(source) };
  const refused = (what: string, hint: string): Problem => ({ code: "wrong-depth", where, what, hint });
  if (pattern.includes("{path}")) {
    if (directories.length > 0) return undefined;
    return refused("does not say which file it is a piece of", "write files.d/etc/motd/10.conf for /etc/motd");
  }
  if (pattern.includes("{name}")) {
    if (directories.length === 1 && SAFE_NAME.test(directories[0] ?? "")) return undefined;
    return refused("needs exactly one directory level that names its file", "write <name>/10.conf, in plain letters");
  }
  if (directories.length === 0) return undefined;
  return refused(`lies too deep: there is a single file, and no ${directories.join("/")} in it`, "move it up");
}

function faultOfFinalPath(source: Source, path: string): Problem | undefined {
  const fault = faultInPath(path.slice(1).split("/"));
  if (fault === undefined && path.startsWith("/")) return undefined;
  const where = { file: sourceName(source) };
  return { code: "bad-final-path", where, what: `would make ${path}, which ${fault ?? "is not absolute"}` };
}

function unknownService(source: Source, at: number, service: string, providers: Providers): Problem {
  const guess = nearest(service, providers.keys());
  const known = `mace knows ${[...providers.keys()].join(", ")}`;
  const hint = guess === undefined ? known : `did you mean ${guess}.d?`;
  const file = sourceName({ root: source.root, path: source.segments.slice(0, at + 1).join("/") });
  return { code: "unknown-service", where: { file }, what: `there is no service called ${service}`, hint };
}

function notConf(source: Source): Problem {
  const hint = "give it a name that ends in .conf, or move it out of the service directory";
  return { code: "not-conf", where: { file: sourceName(source) }, what: "does not end in .conf", hint };
}

function noConfile(source: Source, provider: Provider, word: string): Problem {
  const words = Object.keys(provider.confiles);
  const guess = nearest(word, words);
  const list = `its pieces lie in ${words.map((known) => `${provider.service}.d/${known}/`).join(", ")}`;
  const hint = guess === undefined || guess === word ? list : `did you mean ${guess}/? ${list}`;
  return {
    code: "unknown-confile",
    where: { file: sourceName(source) },
    what: `does not say which file of ${provider.service} it belongs to`,
    hint,
  };
}

function notOnFamily(source: Source, provider: Provider, family: Family): Problem {
  const what = `mace does not know where ${provider.service} keeps this file on ${family}`;
  return {
    code: "unknown-on-family",
    where: { file: sourceName(source) },
    what,
    hint: "use files.d with its full path",
  };
}
