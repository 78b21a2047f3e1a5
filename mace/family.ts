// The text of an os-release file in, the family of distributions out.
import type { Family } from "./model.ts";

/** os-release(5): `ID` and the IDs in `ID_LIKE` that mean a family. */
const FAMILIES: Readonly<Record<string, Family>> = {
  debian: "debian",
  ubuntu: "debian",
  fedora: "redhat",
  rhel: "redhat",
  centos: "redhat",
  suse: "suse",
  opensuse: "suse",
  "opensuse-leap": "suse",
  "opensuse-tumbleweed": "suse",
  sles: "suse",
  arch: "arch",
  alpine: "alpine",
};

/** The family of the distribution, or of the first one that it says it is like. */
export function familyFrom(osRelease: string): Family | undefined {
  const values = new Map<string, string>();
  for (const line of osRelease.split("\n")) {
    const [, name, value] = /^(ID|ID_LIKE)=["']?([^"']*)["']?\s*$/u.exec(line) ?? [];
    if (name !== undefined && value !== undefined) values.set(name, value);
  }
  const words = [values.get("ID") ?? "", ...(values.get("ID_LIKE") ?? "").split(/\s+/u)];
  return words.map((word) => FAMILIES[word.toLowerCase()]).find((family) => family !== undefined);
}
