// The families of distributions: within one, packages and services have the same names.

export const FAMILIES = ["debian", "redhat", "suse", "arch", "alpine"] as const;

export type Family = (typeof FAMILIES)[number];

/** What something is called where that differs from its own name. null: it is not on that family. */
export type FamilyNames = Readonly<Partial<Record<Family, string | null>>>;

/** What it is called on that family; undefined when it is not there. */
export function nameFor(family: Family, name: string, names: FamilyNames): string | undefined {
  const special = names[family];
  return special === undefined ? name : (special ?? undefined);
}
