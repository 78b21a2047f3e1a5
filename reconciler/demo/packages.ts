// A trial in; a repository of a few packages, made on the spot, and a root that installs from it with the machine's own
// apt-get and dpkg, out. That takes no rights: dpkg can work below any folder.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { runCommand } from "../machine/command.ts";
import type { CommandResult } from "../machine/machine.ts";
import type { Trial } from "../trial/trial.ts";
import { Deviation } from "./deviation.ts";

const PROGRAMS = ["dpkg", "dpkg-deb", "dpkg-query", "apt-get"];
const TIMEOUT_MS = 60_000;
const SOURCE = "etc/apt/sources.list.d/trial.list";
const STATUS = "var/lib/dpkg/status";
const FIRST = "1.0";

interface PackageText {
  readonly name: string;
  readonly version: string;
  readonly control?: string;
  readonly files: Readonly<Record<string, string>>;
}

export async function canInstall(): Promise<boolean> {
  for (const program of PROGRAMS) if ((await run([program, "--version"])).code !== 0) return false;
  return true;
}

/** Only where that is possible; once. */
export async function offerPackages(trial: Trial): Promise<void> {
  await put(join(trial.root, STATUS), "");
  const { pathname } = pathToFileURL(repositoryOf(trial));
  // apt's own way to write a path: brackets mean something else in this file.
  const address = pathname.replaceAll("[", "%5B").replaceAll("]", "%5D");
  await put(join(trial.root, SOURCE), `deb [trusted=yes] copy:${address} ./\n`);
  await addPackage(trial, { name: "school-words", version: FIRST, files: { "es.txt": "cuaderno\nescuela\nlibro\n" } });
  await publishDictionary(trial, FIRST);
}

export function isOffered({ root }: Trial): boolean {
  return existsSync(join(root, SOURCE));
}

/** 1.1 is the one that lost its words. */
export async function publishDictionary(trial: Trial, version: string): Promise<void> {
  const files = { "index.txt": version === "1.1" ? "" : "cuaderno 1\nescuela 2\nlibro 3\n" };
  await addPackage(trial, { name: "school-dictionary", version, control: "Depends: school-words\n", files });
  await index(repositoryOf(trial));
}

function repositoryOf({ folder }: Trial): string {
  return join(folder, "packages");
}

async function addPackage(trial: Trial, text: PackageText): Promise<void> {
  const { name, version, files } = text;
  const archive = join(repositoryOf(trial), `${name}_${version}_all.deb`);
  const tree = join(trial.folder, "package");
  await mkdir(dirname(archive), { recursive: true });
  await put(join(tree, "DEBIAN/control"), controlOf(text));
  for (const [file, content] of Object.entries(files)) await put(join(tree, "usr/share", name, file), content);
  const built = await run(["dpkg-deb", "-Znone", "--root-owner-group", "--build", tree, archive]);
  await rm(tree, { recursive: true });
  if (built.code !== 0) throw new Deviation(`dpkg-deb did not build ${name}: ${built.stderr}`);
}

function controlOf({ name, version, control = "" }: PackageText): string {
  const what = "A package of this trial";
  return `Package: ${name}\nVersion: ${version}\nArchitecture: all\nMaintainer: School fleet <fleet@localhost>
${control}Description: ${what}\n`;
}

/** What apt asks a repository for. */
async function index(repository: string): Promise<void> {
  const archives = (await readdir(repository)).filter((name) => name.endsWith(".deb")).sort();
  const entries = await Promise.all(archives.map((name) => entryOf(repository, name)));
  await writeFile(join(repository, "Packages"), entries.join("\n"));
}

async function entryOf(repository: string, name: string): Promise<string> {
  const bytes = await readFile(join(repository, name));
  const { stdout } = await run(["dpkg-deb", "--field", join(repository, name)]);
  const digest = createHash("sha256").update(bytes).digest("hex");
  return `${stdout.toString("utf8")}Filename: ./${name}\nSize: ${bytes.length}\nSHA256: ${digest}\n`;
}

function run(argv: readonly string[]): Promise<CommandResult> {
  return runCommand(argv, { timeoutMs: TIMEOUT_MS });
}

async function put(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o755 });
  await writeFile(file, text, { mode: 0o644 });
}
