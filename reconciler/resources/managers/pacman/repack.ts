// An installed package of which no archive can be had in; one made of its files and pacman's records out. Its
// configuration goes in as it is now, so it comes back as it is now, and counts as unedited from then on.
import { FileError, type Files, type Machine } from "../../../machine/machine.ts";
import type { ManagerOptions } from "../manager.ts";
import { LOCAL, sectionsOf, textOf } from "./database.ts";

const WORKSHOP = "/pacman-repack";

/** What pacman's records and an archive's call the same thing. */
const FIELDS: readonly (readonly [ours: string, theirs: string])[] = [
  ["NAME", "pkgname"],
  ["BASE", "pkgbase"],
  ["VERSION", "pkgver"],
  ["DESC", "pkgdesc"],
  ["URL", "url"],
  ["BUILDDATE", "builddate"],
  ["PACKAGER", "packager"],
  ["SIZE", "size"],
  ["ARCH", "arch"],
  ["LICENSE", "license"],
  ["REPLACES", "replaces"],
  ["GROUPS", "group"],
  ["CONFLICTS", "conflict"],
  ["PROVIDES", "provides"],
  ["DEPENDS", "depend"],
  ["OPTDEPENDS", "optdepend"],
];

/** The name of the archive in the folder; undefined where a file of the package is gone, or a tool is missing. */
export async function repack(
  machine: Machine,
  { name, version }: { readonly name: string; readonly version: string },
  store: string,
  options: ManagerOptions,
): Promise<string | undefined> {
  const entry = `${LOCAL}/${name}-${version}`;
  const desc = sectionsOf(await textOf(machine.files, `${entry}/desc`));
  const files = sectionsOf(await textOf(machine.files, `${entry}/files`));
  const paths = files.get("FILES") ?? [];
  const isWhole = desc.has("NAME") && paths.every((path) => machine.files.stat(`/${withoutSlash(path)}`) !== undefined);
  if (!isWhole) return undefined;
  const file = `${name}-${version}-${desc.get("ARCH")?.[0] ?? "any"}.pkg.tar.gz`;
  try {
    await layOut(
      machine,
      pkgInfo(desc, files.get("BACKUP") ?? []),
      await textOf(machine.files, `${entry}/install`),
      paths,
    );
    return (await pack(machine, `${store}/${file}`, options)) ? file : undefined;
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  } finally {
    clean(machine.store.files);
  }
}

function pkgInfo(desc: ReadonlyMap<string, readonly string[]>, backup: readonly string[]): string {
  const lines = FIELDS.flatMap(([ours, theirs]) => (desc.get(ours) ?? []).map((value) => `${theirs} = ${value}`));
  const kept = backup.map((line) => `backup = ${line.split("\t")[0] ?? ""}`);
  return `${[...lines, ...kept].join("\n")}\n`;
}

async function layOut(machine: Machine, info: string, install: string, paths: readonly string[]): Promise<void> {
  const { files } = machine.store;
  clean(files);
  files.makeDirectory(WORKSHOP, { mode: 0o700 });
  await files.create(`${WORKSHOP}/.PKGINFO`, Buffer.from(info), { mode: 0o644 });
  if (install !== "") await files.create(`${WORKSHOP}/.INSTALL`, Buffer.from(install), { mode: 0o644 });
  const own = files.list(WORKSHOP).sort().toReversed();
  // bsdtar goes to another folder where a line says so; no path begins like an option.
  const lines = [
    "-C",
    machine.store.hostPath(WORKSHOP),
    ...own,
    "-C",
    machine.hostPath("/"),
    ...paths.map((path) => `./${withoutSlash(path)}`),
  ];
  await files.create(`${WORKSHOP}/list`, Buffer.from(`${lines.join("\n")}\n`), { mode: 0o644 });
}

async function pack(machine: Machine, archive: string, { timeoutMs }: ManagerOptions): Promise<boolean> {
  const argv = [
    "bsdtar",
    "-czf",
    archive,
    "--no-recursion",
    "-s",
    ",^\\./,,",
    "-T",
    machine.store.hostPath(`${WORKSHOP}/list`),
  ];
  const { code } = await machine.run(argv, { timeoutMs });
  return code === 0;
}

function clean(files: Files): void {
  if (files.stat(WORKSHOP) === undefined) return;
  for (const name of files.list(WORKSHOP)) files.unlink(`${WORKSHOP}/${name}`);
  files.removeDirectory(WORKSHOP);
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/u, "");
}
