// What is to be done when a path differs: the word of the fleet, or to put it right.
import type { Policy } from "./target.ts";

/** The longest match wins: a path itself, or a folder that ends with "/". */
export function policyOf(path: string, policies: ReadonlyMap<string, Policy> = NONE): Policy {
  const own = policies.get(path);
  if (own !== undefined) return own;
  for (let end = path.lastIndexOf("/"); end >= 0; end = path.lastIndexOf("/", end - 1)) {
    const folder = policies.get(path.slice(0, end + 1));
    if (folder !== undefined) return folder;
    if (end === 0) break;
  }
  return "enforce";
}

const NONE: ReadonlyMap<string, Policy> = new Map();
