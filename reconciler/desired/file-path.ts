// The text of a path on the server in; what is wrong with it, if anything, out.
import type { Problem } from "../../common/problem.ts";

export type Fault = Pick<Problem, "what" | "hint">;

/** These are the kernel's; nothing in them is a file that stays. */
const KERNEL = /^\/(?:proc|sys|dev)(?:\/|$)/u;
const INSTEAD_OF_KERNEL = "use a file of the program that sets it, such as /etc/sysctl.d/local.conf";
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/u;
const MAX_PATH = 4000;
const MAX_NAME = 255;

/** What is wrong with what should be an absolute path in its plain form; `slash` ends the one that is offered instead. */
export function faultOfPath(path: string, slash = ""): Fault | undefined {
  if (CONTROL.test(path)) return { what: "the path has a control character", hint: "write it again, by hand" };
  if (!path.startsWith("/")) return { what: "the path does not begin at /", hint: absoluteForm(path, slash) };
  const plain = plainForm(path);
  if (plain === undefined) return { what: "the path has .. in it", hint: "write where it leads to" };
  if (plain === "/") return { what: "the path names no file", hint: "write a path such as /etc/motd" };
  if (plain !== path) return { what: "the path is not in its plain form", hint: `write ${plain}${slash}` };
  if (KERNEL.test(path)) return { what: "nothing can be kept below /proc, /sys and /dev", hint: INSTEAD_OF_KERNEL };
  if (hasLongName(path)) return { what: "a name in the path is too long", hint: `${MAX_NAME} bytes are the most` };
  return isLong(path) ? { what: "the path is too long", hint: `${MAX_PATH} bytes are the most` } : undefined;
}

function absoluteForm(path: string, slash: string): string {
  return path === "" ? "write a path such as /etc/motd" : `write /${path.replace(/^\.\//u, "")}${slash}`;
}

const NOT_PLAIN = /\/\.{0,2}(?:\/|$)/u;

/** Without doubled slashes, `.` and a slash at the end; undefined when `..` is in it. */
function plainForm(path: string): string | undefined {
  if (!NOT_PLAIN.test(path)) return path;
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  return names.includes("..") ? undefined : `/${names.join("/")}`;
}

/** A character has three bytes at most, so that short paths need not be taken apart. */
function hasLongName(path: string): boolean {
  return path.length * 3 > MAX_NAME && path.split("/").some((name) => Buffer.byteLength(name) > MAX_NAME);
}

function isLong(path: string): boolean {
  return path.length * 3 > MAX_PATH && Buffer.byteLength(path) > MAX_PATH;
}

/** Every directory above a path, the nearest first; not the root. */
export function parentsOf(path: string): string[] {
  const parents: string[] = [];
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) parents.push(path.slice(0, end));
  return parents;
}
