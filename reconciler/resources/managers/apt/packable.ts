// An installed package in, the paths that would go into its archive out.
import type { FileReader, MachineReader } from "../../../machine/machine.ts";
import type { PackageStatus } from "./status.ts";

const INFO = "/var/lib/dpkg/info";
const DIVERSIONS = "/var/lib/dpkg/diversions";
/** 200,000 files fit. */
const LONGEST_LIST = 32 * 1024 * 1024;

export interface Packable {
  /** Absolute below the root; a folder comes without what lies in it. */
  readonly paths: readonly string[];
  /** Kind (`postinst`) and path of what dpkg keeps beside the list. */
  readonly control: ReadonlyMap<string, string>;
}

/** Undefined when dpkg has no list of its files, or when a link leads out of another root. */
export async function packable(machine: MachineReader, status: PackageStatus): Promise<Packable | undefined> {
  const { files } = machine;
  const base = baseOf(files, status);
  if (base === undefined) return undefined;
  const listed = (await files.read(`${INFO}/${base}.list`, LONGEST_LIST)).toString().split("\n");
  const paths = listed.filter((path) => path.startsWith("/") && path !== "/.");
  if (!machine.live && foldersOf(paths).some((folder) => leadsAway(files, folder))) return undefined;
  return { paths: present(files, paths), control: controlFiles(files, base) };
}

/** `hello`, or `hello:amd64` where several architectures of it may be there at once. */
function baseOf(files: FileReader, { name, architecture }: PackageStatus): string | undefined {
  const plain = name.replace(/:.*$/u, "");
  return [`${plain}:${architecture}`, plain].find((base) => files.stat(`${INFO}/${base}.list`) !== undefined);
}

/** What is missing was missing before. A link that stands for a folder of the package is not the package's. */
function present(files: FileReader, paths: readonly string[]): readonly string[] {
  const folders = new Set(foldersOf(paths));
  return paths.filter((path) => {
    const type = files.stat(path)?.type;
    return type !== undefined && !(type === "symlink" && folders.has(path));
  });
}

function foldersOf(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.map((path) => path.slice(0, path.lastIndexOf("/"))))].filter((path) => path !== "");
}

/** tar would follow it as this machine does, not as the other root does. */
function leadsAway(files: FileReader, folder: string): boolean {
  if (files.stat(folder)?.type !== "symlink") return false;
  return /^\/|(?:^|\/)\.\.(?:\/|$)/u.test(files.readLink(folder));
}

function controlFiles(files: FileReader, base: string): ReadonlyMap<string, string> {
  const names = files.list(INFO).filter((name) => name.startsWith(`${base}.`));
  return new Map(names.map((name) => [name.slice(base.length + 1), `${INFO}/${name}`]));
}

/** Another package has put its own file at one of the paths: what lies there is not this package's. */
export async function isDiverted({ files }: MachineReader, paths: readonly string[]): Promise<boolean> {
  if (files.stat(DIVERSIONS) === undefined) return false;
  const lines = (await files.read(DIVERSIONS)).toString().split("\n");
  const diverted = new Set(lines.filter((_, index) => index % 3 === 0));
  return paths.some((path) => diverted.has(path));
}
