// What a schema validator found in one file in; Problems a person can act on, in reading order, out.
import { nearest } from "../common/nearest.ts";
import { printable } from "../common/printable.ts";
import type { Problem } from "../common/problem.ts";
import type { ReadYaml } from "./yaml.ts";

/** An error of ajv's standalone code, compiled with `verbose`. */
export interface SchemaError {
  readonly keyword: string;
  /** JSON pointer of the value that is wrong. */
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The key, when a key is wrong and not its value. */
  readonly propertyName?: string;
  readonly message?: string;
  readonly parentSchema?: object;
  readonly data?: unknown;
}

type Words = Pick<Problem, "code" | "what"> & { readonly hint?: string };

const MOST = 50;

/** One Problem for each wrong key or value. */
export function explainSchema(errors: readonly SchemaError[], yaml: ReadYaml): Problem[] {
  const first = new Map<string, Problem>();
  for (const error of errors) {
    const keys = keysOf(error);
    const name = JSON.stringify(keys);
    if (error.keyword === "propertyNames" || first.has(name)) continue;
    first.set(name, { ...words(error), where: yaml.place(keys) });
  }
  const found = [...first.values()];
  return found.sort((one, other) => (one.where?.line ?? 0) - (other.where?.line ?? 0)).slice(0, MOST);
}

function keysOf({ instancePath, params, propertyName }: SchemaError): string[] {
  const keys = instancePath.split("/").slice(1);
  const own = propertyName ?? params["additionalProperty"] ?? params["missingProperty"];
  const last = typeof own === "string" ? [own] : [];
  return [...keys.map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~")), ...last];
}

function words(error: SchemaError): Words {
  switch (error.keyword) {
    case "additionalProperties":
      return unknownKey(error);
    case "required":
      return missingKey(error);
    case "type":
      return wrongType(error);
    case "enum":
      return notOneOf(error);
    case "pattern":
      return wrongForm(error);
    default:
      return {
        code: "invalid-value",
        what: `${shown(error.data)} ${error.message ?? "is not valid"}`,
        ...example(error),
      };
  }
}

function unknownKey({ params, parentSchema }: SchemaError): Words {
  const key = String(params["additionalProperty"]);
  const known = Object.keys(objectIn(parentSchema, "properties"));
  const guess = key.length > 200 ? undefined : nearest(key, known);
  const hint = guess === undefined ? `keys that are known here: ${known.join(", ")}` : `did you mean ${guess}?`;
  return { code: "unknown-key", what: `"${printable(key.slice(0, 80))}" is not a key that is known here`, hint };
}

function missingKey({ params, parentSchema }: SchemaError): Words {
  const key = String(params["missingProperty"]);
  const about = valueIn(objectIn(objectIn(parentSchema, "properties"), key), "description");
  return { code: "missing-key", what: `${key} is missing`, ...(typeof about === "string" ? { hint: about } : {}) };
}

function wrongType(error: SchemaError): Words {
  const types = [error.params["type"]].flat().filter((type) => type !== "null");
  return { code: "wrong-type", what: `expects ${types.join(" or ")} and has ${shown(error.data)}`, ...example(error) };
}

function notOneOf({ params, data }: SchemaError): Words {
  const allowed = [params["allowedValues"]].flat().map(String);
  const guess = typeof data === "string" && data.length <= 200 ? nearest(data, allowed) : undefined;
  const hint = guess === undefined ? `write one of ${allowed.join(", ")}` : `did you mean ${guess}?`;
  return { code: "unknown-word", what: `${shown(data)} is not known here`, hint };
}

function wrongForm({ propertyName, data, parentSchema }: SchemaError): Words {
  const form = valueIn(parentSchema, "patternErrorMessage");
  const what = `${shown(propertyName ?? data)} cannot be used here`;
  return { code: "wrong-form", what, hint: `write ${typeof form === "string" ? form : "it in another form"}` };
}

function example({ parentSchema }: SchemaError): { readonly hint?: string } {
  const examples = valueIn(parentSchema, "examples");
  return Array.isArray(examples) ? { hint: `for example: ${JSON.stringify(examples[0])}` } : {};
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  const text = JSON.stringify(value);
  return printable(text.length > 80 ? `${text.slice(0, 80)}...` : text);
}

function objectIn(container: object | undefined, key: string): object {
  const value = valueIn(container, key);
  return typeof value === "object" && value !== null ? value : {};
}

function valueIn(container: object | undefined, key: string): unknown {
  return container === undefined ? undefined : Reflect.get(container, key);
}
