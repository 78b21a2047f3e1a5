// The layer.yaml files of all roots in; what each layer declares of its variables, or what is wrong with those files, out.
import { nearest } from "../common/nearest.ts";
import { type Problem, type Result, refuse, succeed, type Where } from "../common/problem.ts";
import { namesInDefault } from "./defaults.ts";
import { isLayerFile, type Source, sourceName } from "./layer.ts";
import { explainSchema } from "./schema.ts";
import { faultOfType, type ValueType } from "./value-types.ts";
import { validateLayer } from "./validators.generated.js";
import { type ReadYaml, readYaml } from "./yaml.ts";

type Scalar = string | number | boolean;

/** What a person writes of one variable. */
interface WrittenDeclaration {
  readonly type: ValueType;
  readonly about: string;
  readonly choices?: readonly Scalar[];
  readonly default?: Scalar | readonly Scalar[];
  readonly example?: Scalar | readonly Scalar[];
  readonly required?: boolean;
}

export type WrittenLayer = Readonly<Record<string, WrittenDeclaration>>;

export interface Declaration {
  readonly name: string;
  readonly type: ValueType;
  readonly choices: readonly string[];
  /** A sentence. */
  readonly about: string;
  readonly default?: string;
  readonly example?: string;
  readonly required: boolean;
  readonly where: Where;
}

export type Declarations = ReadonlyMap<string, Declaration>;

/** One directory of sources with a layer.yaml, in one root or in several. */
export interface Layer {
  /** How people call it: `0300.proxy`, or the name of the root when the root itself is the layer. */
  readonly name: string;
  /** Path below the roots; empty for a root that is itself the layer. */
  readonly folder: string;
  /** Ranks of the roots that have a layer.yaml for it, and so promise that everything which they use is declared. */
  readonly ranks: ReadonlySet<number>;
  /** Those of later roots replace those of earlier ones, variable by variable. */
  readonly declarations: Declarations;
}

export interface Declared {
  /** By folder, in the order of their names. */
  readonly layers: ReadonlyMap<string, Layer>;
  readonly problems: readonly Problem[];
}

export function declaredIn(sources: readonly Source[]): Declared {
  const layers = new Map<string, Layer>();
  const problems: Problem[] = [];
  for (const source of sources) {
    if (!isLayerFile(source.segments)) continue;
    const read = readLayer(source);
    if (!read.ok) problems.push(...read.problems);
    else add(layers, source, read.value);
  }
  return { layers, problems };
}

/** One layer.yaml by itself. */
export function readDeclarations(file: string, bytes: Buffer): Result<Declarations> {
  const yaml = readYaml(file, bytes);
  if (!yaml.ok) return yaml;
  const written = yaml.value.value ?? null;
  if (!validateLayer(written)) return refuse(...explainSchema(validateLayer.errors ?? [], yaml.value));
  const declarations = Object.entries(written ?? {}).map(([name, one]) => normalize(name, one, yaml.value));
  const names = declarations.map(({ name }) => name);
  const problems = declarations.flatMap((declaration) => [
    ...faultsOf(declaration, yaml.value),
    ...strangersIn(declaration, names, yaml.value),
  ]);
  return problems.length > 0 ? refuse(...problems) : succeed(new Map(declarations.map((one) => [one.name, one])));
}

/** The templates of a fleet are the same bytes for every school: each file is read once. */
const known = new WeakMap<Buffer, { readonly file: string; readonly read: Result<Declarations> }>();

function readLayer(source: Source): Result<Declarations> {
  const file = sourceName(source);
  const before = known.get(source.bytes);
  if (before?.file === file) return before.read;
  const read = readDeclarations(file, source.bytes);
  known.set(source.bytes, { file, read });
  return read;
}

function add(layers: Map<string, Layer>, { root, rank, segments }: Source, own: Declarations): void {
  const folder = segments.slice(0, -1).join("/");
  const earlier = layers.get(folder);
  layers.set(folder, {
    name: segments.at(-2) ?? root.replace(/^.*\/(?=[^/])/, ""),
    folder,
    ranks: new Set([...(earlier?.ranks ?? []), rank]),
    declarations: new Map([...(earlier?.declarations ?? []), ...own]),
  });
}

function normalize(name: string, written: WrittenDeclaration, yaml: ReadYaml): Declaration {
  const text = (key: "default" | "example"): Partial<Record<typeof key, string>> => {
    const value = written[key];
    return value === undefined ? {} : { [key]: textOf(value, [name, key], yaml) };
  };
  return {
    name,
    type: written.type,
    choices: (written.choices ?? []).map((choice, at) => textOf(choice, [name, "choices", String(at)], yaml)),
    about: written.about.trim().replace(/\s+/g, " "),
    ...text("default"),
    ...text("example"),
    required: written.required ?? false,
    where: yaml.place([name]),
  };
}

/** `1.10` stays as it was written; a list becomes words with a space between them. */
function textOf(value: Scalar | readonly Scalar[], keys: readonly string[], yaml: ReadYaml): string {
  if (typeof value !== "object") return yaml.written(keys) ?? String(value);
  return value.map((item, at) => textOf(item, [...keys, String(at)], yaml)).join(" ");
}

function faultsOf(declaration: Declaration, yaml: ReadYaml): Problem[] {
  const { name, type, choices } = declaration;
  const problems: Problem[] = [];
  const refused = (key: string, what: string, hint: string): void =>
    void problems.push({ code: "bad-declaration", where: yaml.place([name, key]), what, hint });
  if (type === "choice" && choices.length === 0) refused("type", "has no choices", "add `choices: [one, other]`");
  if (type !== "choice" && choices.length > 0)
    refused("choices", `has choices, but its type is ${type}`, "write `type: choice`");
  for (const key of ["default", "example"] as const) {
    const value = declaration[key];
    // An empty default says that the value may be left empty; one that is derived is looked at when it has a value.
    const isOpen = value === undefined || value === "" || (key === "default" && namesInDefault(value).length > 0);
    const fault = isOpen ? undefined : faultOfType(type, value, choices);
    if (fault !== undefined) refused(key, `"${value ?? ""}" ${fault}`, "correct it, or the type");
  }
  return problems;
}

/** A default may only be derived from what the same file declares, so that a layer works alone. */
function strangersIn({ name, default: usual = "" }: Declaration, names: readonly string[], yaml: ReadYaml): Problem[] {
  const strangers = namesInDefault(usual).filter((other) => other === name || !names.includes(other));
  return strangers.map((stranger) => {
    const guess = nearest(stranger, names);
    const hint = guess === undefined || guess === name ? `declare ${stranger} in this file` : `did you mean $${guess}?`;
    const what = stranger === name ? `is derived from itself` : `$${stranger} is not declared in this file`;
    return { code: "bad-declaration", where: yaml.place([name, "default"]), what, hint };
  });
}
