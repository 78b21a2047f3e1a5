// Packages in; their configuration files out, those that the maintainer would have written otherwise, and the ones in
// use kept where rpm would have replaced them.
import type { FileReader, Files, Machine, MachineReader, Stat } from "../../../machine/machine.ts";
import type { ConffileHint } from "../manager.ts";
import { queryRpm } from "./call.ts";
import { splitKey } from "./names.ts";

const FORMAT = "[%{=NAME}\\t%{FILEFLAGS:fflags}\\t%{FILENAMES}\\n]";

interface Conffile {
  readonly package: string;
  readonly path: string;
}

export async function conffileHintsOf(
  machine: MachineReader,
  names: readonly string[],
): Promise<readonly ConffileHint[]> {
  return (await conffilesOf(machine, names))
    .map((conffile) => ({ ...conffile, other: `${conffile.path}.rpmnew` }))
    .filter(({ other }) => regularAt(machine.files, other) !== undefined);
}

async function conffilesOf(machine: MachineReader, names: readonly string[]): Promise<readonly Conffile[]> {
  if (names.length === 0) return [];
  const { stdout } = await queryRpm(machine, "-q", "--qf", FORMAT, "--", ...names.map((key) => splitKey(key).name));
  return parseConffiles(stdout.toString());
}

export function parseConffiles(stdout: string): readonly Conffile[] {
  return stdout.split("\n").flatMap((line) => {
    const [name, flags, path] = line.split("\t");
    if (name === undefined || flags === undefined || path?.startsWith("/") !== true) return [];
    // A ghost is listed, and never written by the package.
    return flags.includes("c") && !flags.includes("g") ? [{ package: name, path }] : [];
  });
}

/** Configuration files with what lies beside them as `.rpmsave` before the transaction. */
type KeptConffiles = ReadonlyMap<string, Stat | undefined>;

export async function noteConffiles(machine: MachineReader, names: readonly string[]): Promise<KeptConffiles> {
  const conffiles = await conffilesOf(machine, names);
  return new Map(conffiles.map(({ path }) => [path, regularAt(machine.files, `${path}.rpmsave`)]));
}

/**
 * A conffile that its package does not mark `noreplace` is replaced, and the one in use saved. It is put back in one
 * step, and the maintainer's becomes the `.rpmnew` that it would have been elsewhere.
 */
export function keepConffiles({ files }: Machine, kept: KeptConffiles): void {
  for (const [path, before] of kept) {
    const saved = regularAt(files, `${path}.rpmsave`);
    if (saved === undefined || saved.stamp.ino === before?.stamp.ino) continue;
    if (regularAt(files, path) !== undefined) setAside(files, path, `${path}.rpmnew`);
    files.rename(`${path}.rpmsave`, path);
  }
}

function setAside(files: Files, path: string, other: string): void {
  if (files.stat(other) !== undefined) files.unlink(other);
  files.link(path, other);
}

function regularAt(files: FileReader, path: string): Stat | undefined {
  const stat = files.stat(path);
  return stat?.type === "regular" ? stat : undefined;
}
