// Files that describe services in; the services that mace knows, with those added or replaced, out.
import { nearest } from "../common/nearest.ts";
import { type Problem, type Result, refuse, succeed } from "../common/problem.ts";
import { faultsInProvider } from "./provider-rules.ts";
import { explainSchema } from "./schema.ts";
import type { Providers } from "./services/all.ts";
import type { Confile, Provider } from "./services/provider.ts";
import { validateProvider } from "./validators.generated.js";
import { type ReadYaml, readYaml } from "./yaml.ts";

interface WrittenConfile extends Omit<Confile, "mode"> {
  /** A number, or octal digits in quotes. */
  readonly mode?: number | string;
}

/** What a person writes: as `Provider`, but for the permission bits. */
export interface WrittenProvider extends Omit<Provider, "confiles"> {
  readonly confiles: Readonly<Record<string, WrittenConfile>>;
}

const NAME = /^([^/]+)\.(?:yaml|json)$/;

/** Files by name (`<service>.yaml`, `<service>.json`); `folder` stands before their names in problems. */
export function readProviders(folder: string, files: ReadonlyMap<string, Buffer>, known: Providers): Result<Providers> {
  const found = new Map<string, { readonly file: string; readonly provider: Provider }>();
  const problems: Problem[] = [];
  for (const [name, bytes] of files) {
    if (/\.(?:md|txt)$/.test(name)) continue;
    const file = folder.endsWith("/") ? folder + name : `${folder}/${name}`;
    const service = NAME.exec(name)?.[1];
    const read = service === undefined ? refuse(notAProvider(file)) : readProvider(file, service, bytes);
    if (!read.ok) problems.push(...read.problems);
    else if (found.has(read.value.service)) problems.push(twice(file, read.value.service));
    else found.set(read.value.service, { file, provider: read.value });
  }
  const providers = new Map(known);
  for (const [service, { provider }] of found) providers.set(service, provider);
  for (const { file, provider } of found.values()) {
    const strangers = provider.affects.filter((name) => !providers.has(name));
    problems.push(...strangers.map((name) => unknownService(file, name, providers)));
  }
  return problems.length > 0 ? refuse(...problems) : succeed(providers);
}

function readProvider(file: string, service: string, bytes: Buffer): Result<Provider> {
  const yaml = readYaml(file, bytes);
  if (!yaml.ok) return yaml;
  const { value } = yaml.value;
  if (!validateProvider(value)) return refuse(...explainSchema(validateProvider.errors ?? [], yaml.value));
  const provider = normalize(value);
  const problems = [...faultsOfModes(value, yaml.value), ...faultsInProvider(provider, service, yaml.value.place)];
  return problems.length > 0 ? refuse(...problems) : succeed(provider);
}

function normalize(written: WrittenProvider): Provider {
  const confiles = Object.entries(written.confiles).map(([name, { mode, ...confile }]): [string, Confile] => [
    name,
    mode === undefined ? confile : { ...confile, mode: typeof mode === "string" ? parseInt(mode, 8) : mode },
  ]);
  return { ...written, confiles: Object.fromEntries(confiles) };
}

/** 0644 is six hundred and forty-four in YAML 1.2, and never what was meant. */
function faultsOfModes({ confiles }: WrittenProvider, yaml: ReadYaml): Problem[] {
  return Object.keys(confiles).flatMap((name): Problem[] => {
    const keys = ["confiles", name, "mode"];
    const written = yaml.written(keys);
    if (written === undefined || written.startsWith("0o")) return [];
    const hint = `write it in quotes: "${written.padStart(4, "0")}"`;
    return [{ code: "wrong-form", where: yaml.place(keys), what: `${written} is not written in octal digits`, hint }];
  });
}

function notAProvider(file: string): Problem {
  return {
    code: "bad-name",
    where: { file },
    what: "is not called <service>.yaml or <service>.json",
    hint: "rename it",
  };
}

function twice(file: string, service: string): Problem {
  const what = `describes ${service}, which another file of this folder does as well`;
  return { code: "doubled-provider", where: { file }, what, hint: "keep one of the two" };
}

function unknownService(file: string, name: string, providers: Providers): Problem {
  const guess = nearest(name, providers.keys());
  const hint = guess === undefined ? `mace knows ${[...providers.keys()].join(", ")}` : `did you mean ${guess}?`;
  return { code: "unknown-service", where: { file, key: "affects" }, what: `there is no service called ${name}`, hint };
}
