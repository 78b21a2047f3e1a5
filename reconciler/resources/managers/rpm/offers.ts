// Packages that repositories have in; all versions of each out.
import { compareVersions } from "./version.ts";

export interface Offer {
  readonly key: string;
  readonly version: string;
}

/** Oldest first. */
export function versionsByKey(offers: readonly Offer[]): ReadonlyMap<string, readonly string[]> {
  const byKey = new Map<string, string[]>();
  for (const { key, version } of offers) byKey.set(key, [...(byKey.get(key) ?? []), version]);
  return new Map([...byKey].map(([key, versions]) => [key, [...new Set(versions)].sort(compareVersions)]));
}
