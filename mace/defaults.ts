// What layers declare and the values that were set in; the values that hold as long as nobody sets others, out.
import type { Where } from "../common/problem.ts";
import type { Environment, Variable } from "./model.ts";

interface Declared {
  readonly name: string;
  readonly default?: string;
  readonly where: Where;
}

interface Declaring {
  readonly declarations: ReadonlyMap<string, Declared>;
}

/** `$NAME` or `${NAME}` in a default is the value of another variable, whoever set that. */
const REFERENCE = /\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})/g;
const DEEPEST = 10;

/** Names of the variables that a default is derived from. */
export function namesInDefault(text: string): string[] {
  return Array.from(text.matchAll(REFERENCE), ([, bare, braced]) => bare ?? braced ?? "");
}

/** Defaults for names that `set` does not have. One that is derived from a variable without value has none either. */
export function defaultsOf(layers: Iterable<Declaring>, set: Environment): Map<string, Variable> {
  const declarations = new Map([...layers].flatMap((layer) => [...layer.declarations]));
  const found = new Map<string, Variable>();
  for (const declaration of declarations.values()) {
    const { name, where } = declaration;
    const value = set.has(name) ? undefined : valueOf(declaration, declarations, set, 0);
    const { key: _, ...place } = where;
    if (value !== undefined) found.set(name, { value, where: place });
  }
  return found;
}

function valueOf(
  declaration: Declared,
  declarations: ReadonlyMap<string, Declared>,
  set: Environment,
  depth: number,
): string | undefined {
  let isKnown = depth < DEEPEST;
  const text = declaration.default?.replace(REFERENCE, (_written, bare?: string, braced?: string) => {
    const name = bare ?? braced ?? "";
    const other = declarations.get(name);
    const value =
      set.get(name)?.value ??
      (other === undefined || !isKnown ? undefined : valueOf(other, declarations, set, depth + 1));
    isKnown &&= value !== undefined;
    return value ?? "";
  });
  return isKnown ? text : undefined;
}
