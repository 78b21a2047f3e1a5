// A revision and what is wanted of it in, the bytes out: one listing and one reading, whatever the number of files.
import { isUtf8 } from "node:buffer";
import type { Git } from "./git.ts";
import { checkEntries, digestOf } from "./entries.ts";
import type { Limits, ListedFile, Reading, Wanted } from "./entries.ts";
import { isObjectId } from "./names.ts";
import { refuse, succeed } from "../../common/problem.ts";
import type { Problem, Result } from "../../common/problem.ts";
import type { CommandResult } from "../machine/machine.ts";
import type { Revision, TreeFile } from "../model/revision.ts";

const LISTING_LIMIT = 64 << 20;
const TIMEOUT_MS = 60_000;

/** Every file of a tree. Problems: `tree-listing-too-large`, `mirror-broken`, `git-ended`, `object-unknown`. */
export async function listTree(git: Git, tree: string): Promise<Result<ListedFile[]>> {
  if (!isObjectId(tree)) return refuse(unknownObject("the tree"));
  const args = ["ls-tree", "-r", "-z", "-l", "--full-tree", tree];
  const told = await git.read(args, { timeoutMs: TIMEOUT_MS, outputLimit: LISTING_LIMIT });
  if (told.ended === "output-limit" || told.ended === "timeout") return refuse(listingTooLarge());
  if (told.code !== 0) return refuse(unread(told));
  return succeed(parseListing(told.stdout));
}

/** Problems: all of `listTree` and of `checkEntries`. Nothing is read when there is one. */
export async function readTree(git: Git, revision: Revision, wanted: Wanted, limits: Limits): Promise<Result<Reading>> {
  const listed = await listTree(git, revision.tree);
  if (!listed.ok) return listed;
  const files = listed.value.filter((file) => wanted(file.path));
  const problems = checkEntries(files, limits);
  if (problems.length > 0) return refuse(...problems);
  const blobs = await readBlobs(git, files);
  if (!blobs.ok) return blobs;
  const tree = new Map<string, TreeFile>();
  for (const { path, oid } of files) {
    const bytes = blobs.value.get(oid);
    if (bytes === undefined) return refuse(brokenMirror());
    tree.set(path, { path, oid, bytes });
  }
  return succeed({ tree, digest: digestOf(files) });
}

/** Of `<mode> <type> <oid> <size>\t<path>\0`. A path that is not UTF-8 gets a replacement character and is refused later. */
export function parseListing(bytes: Buffer): ListedFile[] {
  const files: ListedFile[] = [];
  for (let start = 0, end = 0; start < bytes.length; start = end + 1) {
    end = bytes.indexOf(0, start);
    if (end < 0) break;
    const tab = bytes.indexOf(9, start);
    const [mode = "", , oid = "", size = ""] = bytes.toString("latin1", start, tab).split(/ +/);
    files.push({ path: pathText(bytes.subarray(tab + 1, end)), oid, mode, size: size === "-" ? 0 : Number(size) });
  }
  return files;
}

function pathText(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString("utf8") : `${bytes.toString("latin1")}\ufffd`;
}

async function readBlobs(git: Git, files: readonly ListedFile[]): Promise<Result<Map<string, Buffer>>> {
  const sizes = new Map(files.map((file) => [file.oid, file.size]));
  if (sizes.size === 0) return succeed(new Map());
  const outputLimit = [...sizes.values()].reduce((sum, size) => sum + size + 128, 0);
  const stdin = [...sizes.keys()].map((oid) => `${oid}\n`).join("");
  const told = await git.read(["cat-file", "--batch"], { timeoutMs: TIMEOUT_MS, outputLimit, stdin });
  const blobs = told.code === 0 ? parseBatch(told.stdout) : undefined;
  return blobs === undefined ? refuse(unread(told)) : succeed(blobs);
}

/** Of `<oid> blob <size>\n<bytes>\n`; stops at the first thing that is anything else. */
function parseBatch(output: Buffer): Map<string, Buffer> | undefined {
  const blobs = new Map<string, Buffer>();
  for (let start = 0; start < output.length;) {
    const line = output.indexOf(10, start);
    const [oid = "", type, size] = output.toString("latin1", start, line).split(" ");
    if (line < 0 || type !== "blob") return undefined;
    const end = line + 1 + Number(size);
    blobs.set(oid, output.subarray(line + 1, end));
    start = end + 1;
  }
  return blobs;
}

/** Memory that ran out says nothing about the mirror, which would have to come anew over a weak link. */
function unread({ ended }: CommandResult): Problem {
  if (ended === undefined || !["not-found", "too-many-files", "signal"].includes(ended)) return brokenMirror();
  return {
    code: "git-ended",
    what: `git could not read this server's copy of the repository to its end (${ended})`,
    hint: "look whether memory ran out (dmesg) and how many files may be open (LimitNOFILE=); the next run tries again",
  };
}

function brokenMirror(): Problem {
  return {
    code: "mirror-broken",
    what: "this server's copy of the repository is damaged",
    hint: "the next run sets it aside and fetches it anew; if that happens again, look at the disk (dmesg, smartctl)",
  };
}

function unknownObject(what: string): Problem {
  return {
    code: "object-unknown",
    what: `${what} is not in this server's copy of the repository`,
    hint: "fetch first",
  };
}

function listingTooLarge(): Problem {
  return {
    code: "tree-listing-too-large",
    what: `the list of files takes more than ${LISTING_LIMIT} bytes or ${TIMEOUT_MS / 1000} seconds`,
    hint: "keep only configuration in this repository",
  };
}
