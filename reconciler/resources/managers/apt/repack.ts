// An installed package in, an archive made of its files as they are now and of what dpkg keeps of its control data out.
import { createHash } from "node:crypto";
import { FileError } from "../../../machine/machine.ts";
import { dpkgQuery, look } from "./call.ts";
import { conffiles } from "./conffiles.ts";
import { isDiverted, packable, type Packable } from "./packable.ts";
import { did, type Workshop } from "./workshop.ts";

const LONGEST_CONFFILE = 64 * 1024 * 1024;

/** What a package says to dpkg beside its control file. */
const SCRIPTS = ["preinst", "postinst", "prerm", "postrm", "config"];
const NOTES = ["templates", "triggers", "shlibs", "symbols", "md5sums"];
/** Fields that dpkg adds to the control file when it keeps it. */
const OF_DPKG = /^(?:Status|Conffiles|Config-Version|Triggers-Pending|Triggers-Awaited):/iu;

/** Undefined when it cannot be told what belongs to it, or when something is in the way. */
export async function repack(workshop: Workshop): Promise<string | undefined> {
  try {
    const whole = await packable(workshop.machine, workshop.status);
    const content = whole === undefined ? undefined : await withoutEdited(workshop, whole);
    if (content === undefined || (await isDiverted(workshop.machine, content.paths))) return undefined;
    const made =
      (await copyFiles(workshop, content)) &&
      (await writeControl(workshop)) &&
      (await copyControl(workshop, content)) &&
      (await writeConffiles(workshop, content)) &&
      (await build(workshop));
    return made ? `${workshop.folder}/${workshop.file}` : undefined;
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

/**
 * A conffile that was edited here is no content of the package: dpkg would take the edit for the maintainer's version,
 * and the next upgrade would write over it. Left out, it stays where it is, and dpkg goes on knowing that it was edited.
 */
async function withoutEdited({ machine, status }: Workshop, content: Packable): Promise<Packable> {
  const edited = new Set<string>();
  for (const { path, md5 } of await conffiles(machine, [status.name])) {
    const isRegular = machine.files.stat(path)?.type === "regular";
    if (isRegular && md5Of(await machine.files.read(path, LONGEST_CONFFILE)) !== md5) edited.add(path);
  }
  return { ...content, paths: content.paths.filter((path) => !edited.has(path)) };
}

function md5Of(bytes: Buffer): string {
  return createHash("md5").update(bytes).digest("hex");
}

/** Through an archive of tar, which reads the names one after the other and keeps owners and modes. */
async function copyFiles(workshop: Workshop, { paths }: Packable): Promise<boolean> {
  const { machine, folder } = workshop;
  const [tree, bundle] = [treeOf(folder), `${folder}/files.tar`];
  const names = Buffer.from(paths.map((path) => `.${path}\0`).join(""));
  const from = ["--no-recursion", `--directory=${machine.hostPath("/")}`, "--null", "--files-from=-"];
  return (
    (await did(workshop, ["mkdir", "-m", "0755", "--", tree])) &&
    (await did(workshop, ["tar", "--create", `--file=${bundle}`, ...from], names)) &&
    (await did(workshop, [
      "tar",
      "--extract",
      "--preserve-permissions",
      "--numeric-owner",
      `--file=${bundle}`,
      `--directory=${tree}`,
    ])) &&
    (await did(workshop, ["rm", "--", bundle])) &&
    (await did(workshop, ["mkdir", "-m", "0755", "--", `${tree}/DEBIAN`]))
  );
}

async function writeControl(workshop: Workshop): Promise<boolean> {
  const { machine, status, folder } = workshop;
  const answer = await look(machine, dpkgQuery(machine, "--status", "--", status.name));
  if (answer.code !== 0) return false;
  return write(workshop, `${treeOf(folder)}/DEBIAN/control`, controlOf(answer.stdout.toString()));
}

/** A stanza without the fields that are dpkg's own; a field goes on as long as lines are indented. */
export function controlOf(stanza: string): string {
  const fields = stanza.trimEnd().split(/\n(?![ \t])/u);
  return `${fields.filter((field) => !OF_DPKG.test(field)).join("\n")}\n`;
}

async function copyControl(workshop: Workshop, { control }: Packable): Promise<boolean> {
  const { machine, folder } = workshop;
  for (const [kind, path] of control) {
    const mode = SCRIPTS.includes(kind) ? "0755" : "0644";
    if (mode === "0644" && !NOTES.includes(kind)) continue;
    const goal = `${treeOf(folder)}/DEBIAN/${kind}`;
    if (!(await did(workshop, ["install", "-m", mode, "--", machine.hostPath(path), goal]))) return false;
  }
  return true;
}

async function writeConffiles(workshop: Workshop, { paths }: Packable): Promise<boolean> {
  const { machine, status, folder } = workshop;
  const there = new Set(paths);
  const names = (await conffiles(machine, [status.name]))
    .filter(({ path, obsolete }) => !obsolete && there.has(path))
    .map(({ path }) => `${path}\n`);
  return names.length === 0 || write(workshop, `${treeOf(folder)}/DEBIAN/conffiles`, names.join(""));
}

async function build(workshop: Workshop): Promise<boolean> {
  const { machine, folder, file } = workshop;
  // An ordinary user's files would come back as theirs.
  const owner = machine.privileged ? [] : ["--root-owner-group"];
  const argv = ["dpkg-deb", "-Zgzip", "-z1", ...owner, "--build", treeOf(folder), `${folder}/${file}`];
  return did(workshop, argv);
}

async function write(workshop: Workshop, path: string, text: string): Promise<boolean> {
  return (await did(workshop, ["tee", "--", path], Buffer.from(text))) && did(workshop, ["chmod", "0644", "--", path]);
}

function treeOf(folder: string): string {
  return `${folder}/tree`;
}
