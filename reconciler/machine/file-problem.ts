// A file operation that did not work in, the words that tell a person what to do out.
import { FileError } from "./machine.ts";
import type { Problem } from "../../common/problem.ts";

type Words = readonly [what: string, hint: string];

const WORDS: Readonly<Record<string, Words>> = {
  ENOSPC: [
    "the disk is full, or has no room for further files",
    "make room (df -h, df -i); the next run goes on by itself",
  ],
  EDQUOT: ["the disk quota of this user is used up", "raise the quota or remove files; the next run goes on by itself"],
  EROFS: ["the file system is mounted read-only", "look in dmesg for disk errors, then: mount -o remount,rw"],
  EACCES: ["permission was denied", "run this as root; under SELinux or AppArmor, look in the audit log"],
  EPERM: [
    "the system does not allow it, even though permissions may",
    "is the file immutable? look with lsattr, release it with chattr -i; otherwise run this as root",
  ],
  EIO: [
    "the disk gave an input/output error",
    "look in dmesg and smartctl -a; copy what matters before the disk fails",
  ],
  EMFILE: ["this process has too many files open", "raise its limit (LimitNOFILE= in the unit file)"],
  ENFILE: ["the whole system has too many files open", "find out who holds them (lsof); raise fs.file-max if need be"],
  ENOTDIR: ["a part of the path is not a directory", "move away the file that stands where a directory should be"],
  EISDIR: ["there is a directory where a file should be", "move the directory away, or choose another path"],
  ENOTEMPTY: ["the directory is not empty", "move away what lies in it, or leave the directory alone"],
  EEXIST: ["there is something at this path already", "look what it is (ls -ld); move it away if nobody needs it"],
  ENOENT: ["there is nothing at this path", "look whether somebody removes it; the next run tries again"],
  ELOOP: [
    "a symlink stands where a file should be, or symlinks lead in a circle",
    "replace the symlink with what it should lead to",
  ],
  ENAMETOOLONG: [
    "the name is longer than the file system allows",
    "use at most 255 bytes for a name and 4096 for a path",
  ],
  EXDEV: [
    "the two names are on different file systems",
    "keep both on one file system; a bind mount counts as another",
  ],
  EMLINK: ["the file has as many names as the file system allows", "remove some of its hard links"],
  EBUSY: ["it is in use, for example as a mount point", "unmount it or stop what uses it"],
  ETXTBSY: ["the program is running", "stop the program first"],
  EFBIG: ["the file is larger than the file system allows", "make it smaller"],
  ESTALE: ["the network file system lost track of it", "mount the network file system again"],
  EINVAL: ["the file system cannot do this", "look what file system this is (findmnt -T)"],
  ENOTSUP: ["the file system cannot do this", "look what file system this is (findmnt -T)"],
  ESPECIAL: ["it is a device, socket or pipe", "choose another path; such files are never touched"],
  ETOOBIG: ["the file is larger than what is read at once", "make it smaller, or take it out of the desired state"],
  EUNTRUSTED: [
    "a symlink on the way was made by an ordinary user, who could lead it anywhere",
    "put a directory in its place; if it is meant, make the link as root",
  ],
  ELEAVESROOT: ["the path leads out of the managed root", 'write an absolute path without "..", "." and empty parts'],
};

/** `file-enospc` and the like; the operation and path are in its words, the path in its place too. */
export function describeFileError(error: FileError): Problem {
  const known = WORDS[error.code];
  return {
    code: `file-${error.code.toLowerCase()}`,
    where: { file: error.path },
    what: `cannot ${error.operation}: ${known?.[0] ?? `the system says ${error.code}`}`,
    ...(known && { hint: known[1] }),
  };
}
