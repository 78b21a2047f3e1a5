// Values and lists of words in, in the words of somebody who writes YAML.
import { nearest } from "../../common/nearest.ts";
import { printable } from "../../common/printable.ts";

/** What a mistyped word meant; what is too long for a word is not compared. */
export function guess(word: string, known: readonly string[]): string | undefined {
  return word.length > 200 ? undefined : nearest(word, known);
}

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  object: "a map (lines of `key: value`)",
  array: "a list",
};

export function typeInWords(type: string): string {
  return TYPES[type] ?? type;
}

export function valueInWords(value: unknown, raw: string | undefined): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  if (typeof value === "string") return `the text ${quoted(value)}`;
  return typeof value === "number" ? `the number ${raw ?? value}` : JSON.stringify(value);
}

/** A value as YAML on one line. */
export function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value === "string") return /[:{}[\],]|^[\d.]+$/u.test(value) ? `"${value}"` : value;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value).map(([key, inner]) => `${key}: ${flow(inner)}`);
  return `{${pairs.join(", ")}}`;
}

export function quoted(text: string): string {
  return `"${printable(text.length > 80 ? `${text.slice(0, 80)}...` : text)}"`;
}

export function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
