// A few lines about a package in, a real .deb in a real repository out; and a root of one's own that knows it.
import { execFileSync } from "node:child_process";
import { chmodSync, linkSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openMachine } from "../../../reconciler/machine/real.ts";
import type { Machine } from "../../../reconciler/machine/machine.ts";

export const PROGRAMS = ["apt-get", "dpkg", "dpkg-deb", "apt-ftparchive"];

export interface PackageText {
  readonly name: string;
  readonly version: string;
  /** Further lines of its control file. */
  readonly control?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly conffiles?: Readonly<Record<string, string>>;
  /** Lines of sh; they find the root that is worked on in $DPKG_ROOT. */
  readonly scripts?: Readonly<Record<string, string>>;
}

/** The .deb of it in a folder. */
export function pack(folder: string, text: PackageText): string {
  const { name, version, control = [], files = {}, conffiles = {}, scripts = {} } = text;
  const tree = mkdtempSync(join(folder, "tree-"));
  chmodSync(tree, 0o755);
  const fields = [
    `Package: ${name}`,
    `Version: ${version}`,
    "Architecture: all",
    "Maintainer: School <ops@school.example>",
  ];
  put(tree, "DEBIAN/control", `${[...fields, `Description: ${name} for tests`, ...control].join("\n")}\n`);
  if (Object.keys(conffiles).length > 0) put(tree, "DEBIAN/conffiles", `${Object.keys(conffiles).join("\n")}\n`);
  for (const [path, content] of Object.entries({ ...files, ...conffiles })) put(tree, path, content);
  for (const [kind, lines] of Object.entries(scripts))
    put(tree, `DEBIAN/${kind}`, `#!/bin/sh\nset -e\n${lines}\n`, 0o755);
  const file = join(folder, `${name}_${version}_all.deb`);
  execFileSync("dpkg-deb", ["-Znone", "--root-owner-group", "--build", tree, file], { stdio: "ignore" });
  rmSync(tree, { recursive: true });
  return file;
}

function put(tree: string, path: string, content: string, mode = 0o644): void {
  const full = join(tree, path);
  mkdirSync(dirname(full), { recursive: true, mode: 0o755 });
  writeFileSync(full, content, { mode });
}

/** A folder with a root, a state directory and a repository, gone with `close`. */
export class School {
  readonly folder = mkdtempSync(join(tmpdir(), "apt-"));
  readonly root = join(this.folder, "root");
  readonly store = join(this.folder, "state/archives");
  readonly machine: Machine;

  /** By default dpkg is told that it is not root, so that scripts run without a whole system in the root. */
  constructor({ privileged = false }: { readonly privileged?: boolean } = {}) {
    chmodSync(this.folder, 0o755);
    for (const part of [this.root, this.store]) mkdirSync(part, { recursive: true });
    this.machine = { ...openMachine({ root: this.root, state: join(this.folder, "state") }), privileged };
  }

  /** From now on these archives, and no others, are what a repository offers. */
  publish(archives: readonly string[], { repository = "main", label = "Debian", trusted = true } = {}): void {
    const folder = join(this.folder, repository);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    for (const archive of archives) linkSync(archive, join(folder, archive.split("/").at(-1)!));
    const ftparchive = (...words: readonly string[]): Buffer => execFileSync("apt-ftparchive", words, { cwd: folder });
    writeFileSync(join(folder, "Packages"), ftparchive("packages", "."));
    const release = ["Label", "Origin"].flatMap((field) => ["-o", `APT::FTPArchive::Release::${field}=${label}`]);
    writeFileSync(join(folder, "Release"), ftparchive(...release, "release", "."));
    this.source(repository, `deb ${trusted ? "[trusted=yes] " : ""}file:${folder} ./`);
  }

  /** A line for apt about where packages come from. */
  source(name: string, line: string): void {
    put(this.root, `etc/apt/sources.list.d/${name}.list`, `${line}\n`);
  }

  put(path: string, content: string): void {
    put(this.root, path, content);
  }

  read(path: string): string | undefined {
    try {
      return readFileSync(join(this.root, path), "utf8");
    } catch {
      return undefined;
    }
  }

  stored(): readonly string[] {
    return readdirSync(this.store).sort();
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
