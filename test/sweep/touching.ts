// A system call in; what it touches that outlives the program, out.
import { openFile, type Call } from "../support/strace-log.ts";

const BY_NAME = ["rename", "link", "unlink", "mkdir", "symlink"].flatMap((name) => [name, `${name}at`]);
const OF_NAMES = ["renameat2", "rmdir", "chmod", "fchmodat", "chown", "lchown", "fchownat", "utimensat"];
const BY_DESCRIPTOR = ["write", "pwrite64", "fsync", "fdatasync", "ftruncate", "fchmod", "fchown"];

/** `clone` comes before each program that is started; strace would count execve for every program by itself. */
export const TOUCHING = ["openat", "clone", ...BY_NAME, ...OF_NAMES, ...BY_DESCRIPTOR];

/** Takes out of a text what differs from run to run. */
export type Shorten = (text: string) => string;

/** Undefined where it touches nothing: a file that is only read, a pipe, another thread that is woken. */
export function touchedBy({ name, rest, ...call }: Call, shorten: Shorten): string | undefined {
  if (rest.includes('"/nowhere/')) return undefined;
  if (name === "clone") return rest.includes("CLONE_THREAD") ? undefined : "a program";
  if (name === "openat") return /O_WRONLY|O_RDWR|O_CREAT/u.test(rest) ? openedBy(rest, shorten) : undefined;
  if (BY_DESCRIPTOR.includes(name)) return belowSchool(openFile({ name, rest, ...call }), shorten);
  return namesIn(rest).map(shorten).join(" to ");
}

/** The file that a write goes to, where it is called the same in every run. */
export function touchedFile({ name }: Call, place: string): string | undefined {
  return name === "write" && !place.includes("RUN") ? place : undefined;
}

function belowSchool(file = "", shorten: Shorten): string | undefined {
  const short = shorten(file);
  return short !== file && short.startsWith("/") ? short : undefined;
}

/** In a directory that is held, or by its whole path. */
function openedBy(rest: string, shorten: Shorten): string | undefined {
  const [, asked = ""] = /"([^"]*)"/u.exec(rest) ?? [];
  return asked.startsWith("/proc/self/fd/") ? namesIn(rest).map(shorten)[0] : belowSchool(asked, shorten);
}

/** Directories are held open while something in them is changed, so most names begin with a descriptor. */
function namesIn(rest: string): readonly string[] {
  return [...rest.matchAll(/"([^"]*)"/gu)].map(([, name = ""]) => name.replace(/^\/proc\/self\/fd\/\d+\//u, ""));
}
