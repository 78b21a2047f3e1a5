// Files that live in memory and behave like real ones, but can be told to fail or to lose power at their n-th change.
import { createHash } from "node:crypto";
import { attempt } from "../../reconciler/machine/errno.ts";
import { FileError } from "../../reconciler/machine/machine.ts";
import { namesOf, walk } from "../../reconciler/machine/path.ts";
import { MemoryDisk } from "./memory-disk.ts";
import type { Chance, Inode, Survival } from "./memory-disk.ts";
import type { Files, Space, Stat } from "../../reconciler/machine/machine.ts";
import type { Found } from "../../reconciler/machine/path.ts";
import type { Permissions } from "../../reconciler/model/file-state.ts";

export type { Chance, Survival } from "./memory-disk.ts";

const LONGEST_NAME = 255;
const DEFAULT_LIMIT = 64 * 1024 * 1024;

/** The power went: nothing answers any more. */
export class PowerCut extends Error {
  constructor() {
    super("the power is gone");
    this.name = "PowerCut";
  }
}

/** One line of a snapshot: plain, and equal when the files are. */
export interface SnapshotEntry {
  readonly type: Stat["type"];
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly digest?: string;
  readonly target?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

export type Snapshot = Readonly<Record<string, SnapshotEntry>>;

interface Spot {
  readonly parent: Inode;
  readonly name: string;
  readonly inode: Inode | undefined;
}

export class MemoryFiles implements Files {
  /** What `space` answers everywhere. */
  room: Space = { bytes: 2 ** 30, inodes: 2 ** 20, readOnly: false, device: 1 };
  #disk: MemoryDisk;
  #mutations = 0;
  #on = true;
  #cutAt: number | undefined;
  readonly #failures = new Map<number, string>();

  constructor(disk: MemoryDisk = new MemoryDisk()) {
    this.#disk = disk;
  }

  /** Changing calls so far; syncDirectory and copyAttributes are some too. */
  get mutations(): number {
    return this.#mutations;
  }

  /** The n-th changing call (from 1, counted from the beginning) throws FileError with this code and changes nothing. */
  failAt(n: number, code: string): void {
    this.#failures.set(n, code);
  }

  /** In the n-th changing call the power goes: it may be done, half done or not, and everything afterwards refuses. */
  cutPowerAt(n: number): void {
    this.#cutAt = n;
  }

  /** The power goes now. */
  cutPower(): void {
    this.#on = false;
  }

  /** What is left: all that was synced, and of the rest what chance (or nothing, without one) brought to the disk. */
  afterPowerCut(chance?: Chance, survival?: Survival): MemoryFiles {
    const files = new MemoryFiles(this.#disk.afterPowerCut(chance, survival));
    files.room = this.room;
    return files;
  }

  /** All paths, sorted, whatever the state of the power. */
  snapshot(): Snapshot {
    const lines: [string, SnapshotEntry][] = [];
    const visit = (path: string, inode: Inode): void => {
      lines.push([path === "" ? "/" : path, entryOf(inode)]);
      for (const [name, child] of inode.entries) visit(`${path}/${name}`, child);
    };
    visit("", this.#disk.root);
    return Object.fromEntries(lines.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Lets time pass, for stamps. */
  advance(ms: number): void {
    this.#disk.advance(ms);
  }

  /** Sets the scene: a file with its directories, on disk, not counted as a change. Replaces what is there. */
  put(path: string, content: string | Buffer, permissions: Permissions = {}): void {
    const inode = this.#disk.make("regular", 0o644);
    inode.bytes = Buffer.from(content);
    this.#place(path, inode, permissions);
  }

  putDirectory(path: string, permissions: Permissions = {}): void {
    this.#place(path, this.#disk.make("directory", 0o755), permissions);
  }

  putLink(path: string, target: string, permissions: Permissions = {}): void {
    const inode = this.#disk.make("symlink", 0o777);
    inode.target = target;
    this.#place(path, inode, permissions);
  }

  /** A pipe, say. */
  putSpecial(path: string): void {
    this.#place(path, this.#disk.make("special", 0o600), {});
  }

  /** Somebody removes what is there, if anything is; on disk, not counted as a change. */
  take(path: string): void {
    if (this.stat(path) === undefined) return;
    const { parent, name } = this.#find("take", path);
    this.#disk.setSafely(parent, [name, undefined]);
  }

  /** Of the content there, whatever the state of the power. */
  digestNow(path: string): string | undefined {
    return this.snapshot()[path]?.digest;
  }

  putAttribute(path: string, name: string, value: string): void {
    this.#present("put attribute", path).attributes.set(name, value);
  }

  stat(path: string): Stat | undefined {
    this.#refuseWithoutPower();
    if (this.#isPlainlyMissing(path)) return undefined;
    try {
      const { inode } = this.#find("stat", path);
      return inode && statOf(inode);
    } catch (error) {
      if (error instanceof FileError && ["ENOENT", "ENOTDIR"].includes(error.code)) return undefined;
      throw error;
    }
  }

  stats(paths: readonly string[]): (Stat | undefined)[] {
    return paths.map((path) => this.stat(path));
  }

  async read(path: string, limit = DEFAULT_LIMIT): Promise<Buffer> {
    this.#refuseWithoutPower();
    const { bytes } = regular(this.#present("read", path), "read", path);
    if (bytes.length > limit) throw new FileError("ETOOBIG", "read", path);
    return Buffer.from(bytes);
  }

  async digest(path: string): Promise<string> {
    this.#refuseWithoutPower();
    return digestOf(regular(this.#present("read", path), "read", path).bytes);
  }

  readLink(path: string): string {
    this.#refuseWithoutPower();
    const inode = this.#present("read link", path);
    if (inode.type !== "symlink") throw new FileError("EINVAL", "read link", path);
    return inode.target;
  }

  list(path: string): string[] {
    this.#refuseWithoutPower();
    const inode = this.#present("list", path);
    if (inode.type !== "directory") throw new FileError("ENOTDIR", "list", path);
    return [...inode.entries.keys()];
  }

  space(path: string): Space {
    this.#refuseWithoutPower();
    namesOf(path, "measure space");
    return this.room;
  }

  /** Outside of it there is nothing. */
  async copyIn(_: unknown, to: string): Promise<string> {
    throw new FileError("ENOENT", "copy", to);
  }

  async create(path: string, bytes: Buffer, permissions: Permissions & { readonly mode: number }): Promise<void> {
    this.#step("create", path, (interrupted) => {
      const { parent, name } = this.#free("create", path);
      const inode = this.#disk.make("regular", 0o600);
      inode.bytes = Buffer.from(bytes);
      inode.nlink = 1;
      this.#disk.setNames(parent, [name, inode]);
      if (interrupted) return;
      own(inode, permissions);
      this.#disk.syncInode(inode);
    });
  }

  async append(path: string, bytes: Buffer): Promise<void> {
    this.#step("append", path, (interrupted) => {
      const { inode } = this.#find("append", path);
      const file = regular(inode ?? this.#emptyFile(path), "append", path);
      file.bytes = Buffer.concat([file.bytes, bytes]);
      file.mtimeMs = file.ctimeMs = this.#disk.now();
      if (!interrupted) this.#disk.syncInode(file);
    });
  }

  jot(path: string, bytes: Buffer): void {
    this.#step("jot", path, () => {
      const { inode } = this.#find("jot", path);
      const file = regular(inode ?? this.#emptyFile(path), "jot", path);
      file.bytes = Buffer.from(bytes);
      file.mtimeMs = file.ctimeMs = this.#disk.now();
    });
  }

  async copyAttributes(from: string, to: string): Promise<void> {
    await this.copyAttributesOfMany([[from, to]]);
  }

  async copyAttributesOfMany(pairs: readonly (readonly [from: string, to: string])[]): Promise<void> {
    this.#step("copy attributes", pairs[0]?.[1] ?? "/", () => {
      for (const [from, to] of pairs) this.#copyAttributes(from, to);
    });
  }

  makeDirectory(path: string, permissions: Permissions): void {
    this.#step("make directory", path, () => {
      this.#add("make directory", path, this.#disk.make("directory", 0o755), permissions);
    });
  }

  removeDirectory(path: string): void {
    this.#step("remove directory", path, () => {
      const { parent, name, inode } = this.#find("remove directory", path);
      if (inode === undefined) throw new FileError("ENOENT", "remove directory", path);
      if (inode.type !== "directory") throw new FileError("ENOTDIR", "remove directory", path);
      if (inode.entries.size > 0) throw new FileError("ENOTEMPTY", "remove directory", path);
      this.#disk.setNames(parent, [name, undefined]);
    });
  }

  makeSymlink(target: string, path: string, permissions: Permissions): void {
    this.#step("make symlink", path, () => {
      const inode = this.#disk.make("symlink", 0o777);
      inode.target = target;
      this.#add("make symlink", path, inode, permissions);
    });
  }

  link(from: string, to: string): void {
    this.#step("link", to, () => {
      const { inode } = this.#find("link", from);
      const { parent, name, inode: taken } = this.#find("link", to);
      if (inode === undefined) throw new FileError("ENOENT", "link", from);
      if (taken !== undefined) throw new FileError("EEXIST", "link", to);
      if (inode.type === "directory") throw new FileError("EPERM", "link", to);
      inode.nlink++;
      inode.ctimeMs = this.#disk.now();
      this.#disk.setNames(parent, [name, inode]);
    });
  }

  rename(from: string, to: string): void {
    this.#step("rename", to, () => {
      const old = this.#find("rename", from);
      const next = this.#find("rename", to);
      const { inode } = old;
      if (inode === undefined) throw new FileError("ENOENT", "rename", from);
      if (next.inode === inode) return;
      refuseReplacing(old, inode, next, to);
      if (next.inode !== undefined) next.inode.nlink--;
      inode.ctimeMs = this.#disk.now();
      this.#move(old, next, inode);
    });
  }

  unlink(path: string): void {
    this.#step("unlink", path, () => {
      const { parent, name, inode } = this.#find("unlink", path);
      if (inode === undefined) throw new FileError("ENOENT", "unlink", path);
      if (inode.type === "directory") throw new FileError("EISDIR", "unlink", path);
      inode.nlink--;
      inode.ctimeMs = this.#disk.now();
      this.#disk.setNames(parent, [name, undefined]);
    });
  }

  setPermissions(path: string, permissions: Permissions): void {
    this.#step("set permissions", path, (interrupted) => {
      const inode = this.#present("set permissions", path);
      if (inode.type === "special") throw new FileError("ESPECIAL", "set permissions", path);
      own(inode, permissions);
      inode.ctimeMs = this.#disk.now();
      if (!interrupted) this.#disk.syncInode(inode);
    });
  }

  async syncDirectory(path: string): Promise<void> {
    this.#step("sync", path, (interrupted) => {
      const directory = this.#enter(namesOf(path, "sync"), "sync", path);
      if (!interrupted) this.#disk.syncNames(directory);
    });
  }

  /** One changing call: counted, failing when it is its turn, and the last one when the power goes. */
  #step(operation: string, path: string, act: (interrupted: boolean) => void): void {
    this.#refuseWithoutPower();
    this.#mutations++;
    const code = this.#failures.get(this.#mutations);
    if (code !== undefined) throw new FileError(code, operation, path);
    if (this.#mutations === this.#cutAt) this.#interrupt(act);
    act(false);
  }

  #interrupt(act: (interrupted: boolean) => void): never {
    try {
      act(true);
    } catch {
      // It would have failed in any case; nobody hears of it.
    }
    this.#on = false;
    throw new PowerCut();
  }

  #refuseWithoutPower(): void {
    if (!this.#on) throw new PowerCut();
  }

  #place(path: string, inode: Inode, permissions: Permissions): void {
    const names = namesOf(path, "put");
    const last = names.pop() ?? "";
    let parent = this.#disk.root;
    for (const name of names)
      parent = parent.entries.get(name) ?? this.#link(parent, name, this.#disk.make("directory", 0o755));
    this.#link(parent, last, own(inode, permissions));
  }

  /** A name that is on disk at once. */
  #link(parent: Inode, name: string, inode: Inode): Inode {
    this.#disk.setSafely(parent, [name, inode]);
    inode.nlink++;
    this.#disk.syncInode(inode);
    return inode;
  }

  #emptyFile(path: string): Inode {
    return this.#add("append", path, this.#disk.make("regular", 0o600), {});
  }

  #add(operation: string, path: string, inode: Inode, permissions: Permissions): Inode {
    const { parent, name } = this.#free(operation, path);
    own(inode, permissions).nlink = 1;
    this.#disk.syncInode(inode);
    this.#disk.setNames(parent, [name, inode]);
    return inode;
  }

  /** cp brings mode and owner along as well. */
  #copyAttributes(from: string, to: string): void {
    const [source, copy] = [this.#present("copy attributes", from), this.#present("copy attributes", to)];
    if (source.type !== "regular" || copy.type !== "regular") return;
    copy.attributes = new Map(source.attributes);
    own(copy, source).ctimeMs = this.#disk.now();
  }

  /** Within a directory both names change together; between two, the new name may come without the old one going. */
  #move(old: Spot, next: Spot, inode: Inode): void {
    if (old.parent === next.parent) {
      this.#disk.setNames(old.parent, [old.name, undefined], [next.name, inode]);
    } else {
      this.#disk.setNames(next.parent, [next.name, inode]);
      this.#disk.setNames(old.parent, [old.name, undefined]);
    }
  }

  #present(operation: string, path: string): Inode {
    const { inode } = this.#find(operation, path);
    if (inode === undefined) throw new FileError("ENOENT", operation, path);
    return inode;
  }

  #free(operation: string, path: string): Spot {
    const spot = this.#find(operation, path);
    if (spot.inode !== undefined) throw new FileError("EEXIST", operation, path);
    return spot;
  }

  #find(operation: string, path: string): Spot {
    const names = namesOf(path, operation);
    const name = names.pop();
    const { root } = this.#disk;
    if (name === undefined) return { parent: root, name: "", inode: root };
    const parent = this.#enter(names, operation, path);
    refuseLong(name, operation, path);
    return { parent, name, inode: parent.entries.get(name) };
  }

  /** Known without an error being made for it, which costs more than all else here. */
  #isPlainlyMissing(path: string): boolean {
    let at: Inode | undefined = this.#disk.root;
    for (const name of namesOf(path, "stat")) {
      at = at.entries.get(name);
      if (at === undefined) return name.length <= LONGEST_NAME / 4;
      if (at.type === "symlink") return false;
    }
    return false;
  }

  #enter(names: readonly string[], operation: string, path: string): Inode {
    return attempt(operation, path, () =>
      walk(this.#disk.root, names, (directory, name) => look(directory, name, operation, path)),
    );
  }
}

function look(directory: Inode, name: string, operation: string, path: string): Found<Inode> {
  refuseLong(name, operation, path);
  const inode = directory.entries.get(name);
  if (inode === undefined) throw new FileError("ENOENT", operation, path);
  if (inode.type === "symlink") return { link: inode.target };
  if (inode.type !== "directory") throw new FileError("ENOTDIR", operation, path);
  return { directory: inode };
}

function refuseLong(name: string, operation: string, path: string): void {
  if (name.length > LONGEST_NAME / 4 && Buffer.byteLength(name) > LONGEST_NAME)
    throw new FileError("ENAMETOOLONG", operation, path);
}

function refuseReplacing(old: Spot, inode: Inode, next: Spot, path: string): void {
  if (inode.type === "directory" && contains(inode, next.parent)) throw new FileError("EINVAL", "rename", path);
  if (next.inode === undefined) return;
  if (contains(next.inode, old.parent)) throw new FileError("ENOTEMPTY", "rename", path);
  const [moves, stands] = [inode.type === "directory", next.inode.type === "directory"];
  if (stands && !moves) throw new FileError("EISDIR", "rename", path);
  if (moves && !stands) throw new FileError("ENOTDIR", "rename", path);
  if (next.inode.entries.size > 0) throw new FileError("ENOTEMPTY", "rename", path);
}

function contains(directory: Inode, other: Inode): boolean {
  return directory === other || [...directory.entries.values()].some((child) => contains(child, other));
}

const WRONG_TYPE = { directory: "EISDIR", symlink: "ELOOP", special: "ESPECIAL" } as const;

function regular(inode: Inode, operation: string, path: string): Inode {
  if (inode.type !== "regular") throw new FileError(WRONG_TYPE[inode.type], operation, path);
  return inode;
}

/** Linux gives every symlink the mode 0777. */
function own(inode: Inode, { mode, uid, gid }: Permissions): Inode {
  if (mode !== undefined && inode.type !== "symlink") inode.mode = mode;
  inode.uid = uid ?? inode.uid;
  inode.gid = gid ?? inode.gid;
  return inode;
}

function statOf(inode: Inode): Stat {
  const { type, mode, uid, gid, ino, mtimeMs, ctimeMs } = inode;
  const size = type === "symlink" ? Buffer.byteLength(inode.target) : inode.bytes.length;
  const nlink = type === "directory" ? 2 + directoriesIn(inode) : inode.nlink;
  return { type, size, mode, uid, gid, nlink, dev: 1, stamp: { ino, size, mtimeMs, ctimeMs } };
}

function directoriesIn(inode: Inode): number {
  return [...inode.entries.values()].filter((child) => child.type === "directory").length;
}

function entryOf({ type, mode, uid, gid, bytes, target, attributes }: Inode): SnapshotEntry {
  return {
    type,
    mode,
    uid,
    gid,
    ...(type === "regular" && { digest: digestOf(bytes) }),
    ...(type === "symlink" && { target }),
    ...(attributes.size > 0 && { attributes: Object.fromEntries(attributes) }),
  };
}

/** Bytes are replaced here, and never changed. */
const digests = new WeakMap<Buffer, string>();

function digestOf(bytes: Buffer): string {
  const digest = digests.get(bytes) ?? createHash("sha256").update(bytes).digest("hex");
  digests.set(bytes, digest);
  return digest;
}
