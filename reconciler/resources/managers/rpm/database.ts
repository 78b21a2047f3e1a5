// rpm's database in; the installed packages out, one entry for every version of every architecture.
import { refuse, succeed, type Problem, type Result } from "../../../../common/problem.ts";
import type { CommandResult, MachineReader } from "../../../machine/machine.ts";
import type { InstalledPackage } from "../manager.ts";
import { queryRpm } from "./call.ts";
import { keyOf } from "./names.ts";
import { toldBy } from "./told.ts";
import { compareVersions } from "./version.ts";

export interface Entry {
  /** As in actions: `hello`, `glibc.i686`. */
  readonly key: string;
  readonly name: string;
  /** `1.0-1`, or `2:1.0-1` with an epoch. */
  readonly version: string;
  readonly arch: string;
  /** Unix seconds. */
  readonly installedAt: number;
}

export const ENTRY_FORMAT = "%{NAME}\\t%{EPOCHNUM}\\t%{VERSION}-%{RELEASE}\\t%{ARCH}\\t%{INSTALLTIME}\\n";

/** Those of `names`, or all. */
export async function readEntries(
  machine: MachineReader,
  names?: readonly string[],
): Promise<Result<readonly Entry[]>> {
  if (names?.length === 0) return succeed([]);
  const which = names === undefined ? ["-qa"] : ["-q"];
  const result = await queryRpm(
    machine,
    ...which,
    "--qf",
    ENTRY_FORMAT,
    ...(names === undefined ? [] : ["--", ...names]),
  );
  const damage = damageOf(result, names === undefined);
  return damage === undefined ? succeed(parseEntries(result.stdout.toString())) : refuse(damage);
}

export function parseEntries(stdout: string): readonly Entry[] {
  return stdout.split("\n").flatMap((line) => {
    const [name, epoch, version, arch, installedAt, ...rest] = line.split("\t");
    if (name === undefined || version === undefined || arch === undefined || installedAt === undefined) return [];
    // Keys of signers are kept in the database as if they were packages.
    if (rest.length > 0 || name === "gpg-pubkey") return [];
    const full = epoch === "0" ? version : `${epoch}:${version}`;
    return [{ key: keyOf(name, arch), name, version: full, arch, installedAt: Number(installedAt) }];
  });
}

/** rpm passes over what it cannot read, and its exit code keeps silent about it. */
export function damageOf(result: CommandResult, whole: boolean): Problem | undefined {
  const failed = result.code === undefined || (whole && result.code !== 0);
  if (!failed && !/^error: /mu.test(result.stderr)) return undefined;
  return {
    code: "rpm-database",
    what: `the database of rpm cannot be read: ${toldBy(result)}`,
    hint: "rpm --rebuilddb may help, or a copy of the database from a backup",
  };
}

/** Of several versions side by side (kernels) the newest. */
export function installedOf(
  entries: readonly Entry[],
  isHeld: (name: string) => boolean,
): ReadonlyMap<string, InstalledPackage> {
  const installed = new Map<string, InstalledPackage>();
  for (const { key, name, version } of entries) {
    const other = installed.get(key);
    if (other !== undefined && compareVersions(other.version, version) > 0) continue;
    installed.set(key, { version, held: isHeld(name) });
  }
  return installed;
}
