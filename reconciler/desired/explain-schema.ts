// What the schema validator found in one file in; Problems a person can act on, one for each fault, out.
import type { Problem } from "../../common/problem.ts";
import { pointer } from "./pointer.ts";
import { inReadingOrder } from "./reading-order.ts";
import { capital, flow, guess, orList, quoted, typeInWords, valueInWords } from "./words.ts";
import type { ParsedYaml } from "./yaml.ts";

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
type Explain = (error: SchemaError, yaml: ParsedYaml) => Words;

export function explainSchemaErrors(errors: readonly SchemaError[], yaml: ParsedYaml): Problem[] {
  return inReadingOrder(oneForEachFault(errors).map((error) => explain(error, yaml)));
}

/** The first error of each key: what follows from it is not told. */
function oneForEachFault(errors: readonly SchemaError[]): SchemaError[] {
  const first = new Map<string, SchemaError>();
  for (const error of errors) {
    if (error.keyword === "propertyNames") continue;
    const place = placeOf(error);
    if (!first.has(place)) first.set(place, error);
  }
  return [...first.values()];
}

function explain(error: SchemaError, yaml: ParsedYaml): Problem {
  const where = yaml.place(placeOf(error));
  return { where, ...(EXPLANATIONS[error.keyword] ?? unforeseen)(error, yaml) };
}

function placeOf(error: SchemaError): string {
  const { additionalProperty, missingProperty } = error.params;
  const key = error.propertyName ?? additionalProperty ?? missingProperty;
  return typeof key === "string" ? error.instancePath + pointer(key) : error.instancePath;
}

const EXPLANATIONS: Readonly<Record<string, Explain>> = {
  additionalProperties: unknownKey,
  type: wrongType,
  enum: notOneOf,
  pattern: notOfThisForm,
  required: missing,
  not: elsewhere,
  minimum: outOfRange,
  maximum: outOfRange,
  minLength: empty,
  minItems: empty,
  minProperties: empty,
  maxLength: tooLong,
  maxItems: tooLong,
  maxProperties: tooLong,
};

function unknownKey(error: SchemaError): Words {
  const key = String(error.params["additionalProperty"]);
  const known = Object.keys(objectIn(error.parentSchema, "properties") ?? {});
  const near = guess(key, known);
  const hint = near === undefined ? `keys that are known here: ${known.join(", ")}` : `did you mean ${near}?`;
  return { code: "unknown-key", what: `${quoted(key)} is not a key that is known here`, hint };
}

function wrongType(error: SchemaError, yaml: ParsedYaml): Words {
  const types = typesIn(error.parentSchema);
  const raw = yaml.written(error.instancePath);
  const what = `expects ${types.map(typeInWords).join(" or ")} and has ${valueInWords(error.data, raw)}`;
  return { code: "wrong-type", what, ...hintForType(error, types, raw) };
}

function hintForType(error: SchemaError, types: readonly string[], raw: string | undefined): { hint?: string } {
  if (types.includes("string") && !types.includes("object")) {
    if (raw !== undefined) return { hint: `put it in quotes: "${raw.replace(/^0o/u, "0")}"` };
    if (typeof error.data === "boolean") return { hint: `put it in quotes: "${String(error.data)}"` };
  }
  if (types.includes("array") && typeof error.data === "string")
    return { hint: `write it as a list: ${flow(error.data.split(/[\s,]+/u))}` };
  const shown = example(error.parentSchema);
  return shown.hint === undefined ? plainValue(error.data, types) : shown;
}

/** A number or a yes that somebody put in quotes, or something else altogether. */
function plainValue(data: unknown, types: readonly string[]): { hint?: string } {
  if (types.includes("number") || types.includes("integer")) {
    const number = typeof data === "string" && /^-?\d+(?:\.\d+)?$/u.test(data);
    const whole = types.includes("integer") ? "a whole number" : "a number";
    return { hint: number ? `write it without quotes: ${data}` : `write ${whole}` };
  }
  return types.includes("boolean") ? { hint: "write true or false" } : {};
}

function notOneOf(error: SchemaError): Words {
  const allowed = allowedIn(error);
  const near = typeof error.data === "string" ? guess(error.data, allowed) : undefined;
  const what = `expects ${orList(allowed)} and has ${valueInWords(error.data, undefined)}`;
  return {
    code: "unknown-word",
    what,
    hint: near === undefined ? `write ${orList(allowed)}` : `did you mean ${near}?`,
  };
}

function notOfThisForm(error: SchemaError): Words {
  const form = textIn(error.parentSchema, "patternErrorMessage") ?? "another form";
  const found = quoted(error.propertyName ?? String(error.data));
  const what = error.propertyName === undefined ? `${found} cannot be used here` : `${found} cannot be a key here`;
  return { code: "wrong-form", what, hint: `write ${form}` };
}

function missing(error: SchemaError): Words {
  const key = String(error.params["missingProperty"]);
  const schema = objectIn(objectIn(error.parentSchema, "properties"), key);
  const description = textIn(schema, "description");
  const shown = example(schema).hint ?? `write ${key}: ...`;
  return {
    code: "missing-key",
    what: `${key} is missing`,
    hint: description === undefined ? shown : `${description} ${capital(shown)}`,
  };
}

function elsewhere(error: SchemaError): Words {
  const hint = textIn(error.parentSchema, "description");
  return {
    code: "wrong-place",
    what: "this key does not belong into this file",
    ...(hint === undefined ? {} : { hint }),
  };
}

function outOfRange(error: SchemaError): Words {
  const what = `${String(error.data)} is too ${error.keyword === "minimum" ? "small" : "large"}`;
  const [low, high] = ["minimum", "maximum"].map((bound) => String(valueIn(error.parentSchema, bound)));
  return { code: "out-of-range", what, hint: `write a number from ${low ?? ""} to ${high ?? ""}` };
}

function empty(error: SchemaError): Words {
  return { code: "empty", what: "nothing is in it", ...example(error.parentSchema) };
}

function tooLong(error: SchemaError): Words {
  return { code: "too-long", what: `it is too long; ${String(error.params["limit"])} is the most` };
}

function unforeseen(error: SchemaError): Words {
  return { code: "invalid", what: `it ${error.message ?? "is not valid"}` };
}

/** `null` may be written nearly everywhere, to remove; it is not what somebody wanted who wrote something else. */
function typesIn(schema: object | undefined): string[] {
  const type = valueIn(schema, "type");
  return (Array.isArray(type) ? type : [type]).map(String).filter((name) => name !== "null");
}

function allowedIn(error: SchemaError): string[] {
  const allowed = error.params["allowedValues"];
  return Array.isArray(allowed) ? allowed.filter((value) => value !== null).map(String) : [];
}

function example(schema: object | undefined): { hint?: string } {
  const examples = valueIn(schema, "examples");
  return Array.isArray(examples) ? { hint: `for example: ${examples.map(flow).join(", or: ")}` } : {};
}

function objectIn(container: object | undefined, key: string): object | undefined {
  const value = valueIn(container, key);
  return typeof value === "object" && value !== null ? value : undefined;
}

function textIn(container: object | undefined, key: string): string | undefined {
  const value = valueIn(container, key);
  return typeof value === "string" ? value : undefined;
}

function valueIn(container: object | undefined, key: string): unknown {
  return container === undefined ? undefined : Reflect.get(container, key);
}
