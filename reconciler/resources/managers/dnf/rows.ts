// The rows that `dnf repoquery` was asked for in; packages and their versions out.
import { keyOf } from "../rpm/names.ts";
import type { Offer } from "../rpm/offers.ts";

export const ROW_FORMAT = "%{name}\\t%{arch}\\t%{epoch}:%{version}-%{release}";

export function parseRows(stdout: string): readonly Offer[] {
  return stdout.split("\n").flatMap((line) => {
    const [name, arch, version, ...rest] = line.split("\t");
    if (name === undefined || arch === undefined || version === undefined || rest.length > 0) return [];
    return arch === "src" ? [] : [{ key: keyOf(name, arch), version: version.replace(/^0:/u, "") }];
  });
}
