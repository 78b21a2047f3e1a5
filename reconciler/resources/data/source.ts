// Where an item comes from, in words: for a person, and to tell whether it is still the same source.
import { printable } from "../../../common/printable.ts";
import type { Supply } from "../../model/target.ts";

export function sourceOf({ source, unpack }: Pick<Supply, "source" | "unpack">): string {
  const suffix = unpack === undefined ? "" : ` (${unpack})`;
  return `${printable(source.type === "repository" ? source.path : withoutPassword(source.url))}${suffix}`;
}

function withoutPassword(url: string): string {
  return url.replace(/^([a-z]+:\/\/)[^/@]*@/u, "$1");
}
