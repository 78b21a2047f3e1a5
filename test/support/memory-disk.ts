// Inodes that know what of them is on disk already: sync puts it there, a power cut leaves only that, and by chance
// some of the rest.

/** One change to the names of a directory that is not on disk yet; its names change together or not at all. */
interface Edit {
  readonly order: number;
  readonly names: readonly Entry[];
}

type Entry = readonly [name: string, inode: Inode | undefined];

interface Owned {
  mode: number;
  uid: number;
  gid: number;
}

export interface Inode extends Owned {
  readonly ino: number;
  readonly type: "regular" | "directory" | "symlink" | "special";
  nlink: number;
  mtimeMs: number;
  ctimeMs: number;
  bytes: Buffer;
  target: string;
  /** Access lists and the like, by name. */
  attributes: Map<string, string>;
  entries: Map<string, Inode>;
  /** What is on disk. */
  safe: { bytes: Buffer; owned: Owned; entries: Map<string, Inode>; edits: Edit[] };
}

/** A number from 0 up to 1, as Math.random gives it. */
export type Chance = () => number;

/**
 * Which of the unsynced changes to names reach the disk: `ordered` keeps them up to some moment, as a journaling file
 * system does; `reordered` keeps any of them.
 */
export type Survival = "ordered" | "reordered";

export class MemoryDisk {
  readonly root: Inode;
  #inos = 0;
  #orders = 0;
  #nowMs = 1_700_000_000_000;
  readonly #inodes: Inode[] = [];

  /** Owner of all that is made, until it is given to another. */
  readonly #owner: Pick<Owned, "uid" | "gid">;

  constructor(owner = { uid: 0, gid: 0 }) {
    this.#owner = owner;
    this.root = this.make("directory", 0o755);
  }

  make(type: Inode["type"], mode: number): Inode {
    const now = this.now();
    const inode = newInode(++this.#inos, type, { mode, ...this.#owner }, now);
    this.#inodes.push(inode);
    return inode;
  }

  /** Moves on at every look, so that no two changes have the same stamp. */
  now(): number {
    return ++this.#nowMs;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }

  setNames(directory: Inode, ...names: readonly Entry[]): void {
    for (const [name, inode] of names) setName(directory.entries, name, inode);
    directory.mtimeMs = directory.ctimeMs = this.now();
    directory.safe.edits.push({ order: ++this.#orders, names });
  }

  /** One that is on disk at once, whatever becomes of earlier changes to the same name. */
  setSafely(directory: Inode, [name, inode]: Entry): void {
    const { safe } = directory;
    setName(directory.entries, name, inode);
    setName(safe.entries, name, inode);
    safe.edits = safe.edits.map((edit) => ({ ...edit, names: edit.names.filter(([other]) => other !== name) }));
  }

  syncNames(directory: Inode): void {
    directory.safe.entries = new Map(directory.entries);
    directory.safe.edits = [];
  }

  /** Content and permissions of one inode. */
  syncInode(inode: Inode): void {
    inode.safe.bytes = inode.bytes;
    inode.safe.owned = ownedOf(inode);
  }

  syncAll(): void {
    for (const inode of this.#inodes) {
      this.syncInode(inode);
      this.syncNames(inode);
    }
  }

  /** The disk as the machine finds it when power is back. Without a chance, nothing unsynced is there. */
  afterPowerCut(chance?: Chance, survival: Survival = "reordered"): MemoryDisk {
    const survives = this.#lottery(chance, survival);
    const next = new MemoryDisk(this.#owner);
    next.#nowMs = this.#nowMs;
    next.#inos = this.#inos;
    const copies = new Map<Inode, Inode>([[this.root, next.root]]);
    const waiting = [this.root];
    for (let from = waiting.pop(); from !== undefined; from = waiting.pop()) {
      const to = copies.get(from) ?? next.root;
      for (const [name, inode] of namesOnDisk(from, survives)) {
        const known = copies.get(inode);
        const copy = known ?? next.#copy(inode, chance);
        if (known === undefined) waiting.push(inode);
        copies.set(inode, copy);
        copy.nlink++;
        to.entries.set(name, copy);
      }
    }
    Object.assign(next.root, survivingOwned(this.root, chance));
    next.syncAll();
    return next;
  }

  #lottery(chance: Chance | undefined, survival: Survival): (edit: Edit) => boolean {
    if (chance === undefined) return () => false;
    if (survival === "reordered") return () => chance() < 0.5;
    const orders = this.#inodes.flatMap((inode) => inode.safe.edits.map((edit) => edit.order)).sort((a, b) => a - b);
    const last = orders[Math.floor(chance() * (orders.length + 1)) - 1] ?? 0;
    return (edit) => edit.order <= last;
  }

  #copy(inode: Inode, chance: Chance | undefined): Inode {
    const bytes = survivingBytes(inode, chance);
    const copy = newInode(inode.ino, inode.type, survivingOwned(inode, chance), inode.mtimeMs);
    Object.assign(copy, { target: inode.target, ctimeMs: inode.ctimeMs, bytes });
    if (inode.attributes.size > 0) copy.attributes = new Map(inode.attributes);
    this.#inodes.push(copy);
    return copy;
  }
}

const EMPTY = Buffer.alloc(0);

function newInode(ino: number, type: Inode["type"], owned: Owned, now: number): Inode {
  const safe = { bytes: EMPTY, owned, entries: new Map<string, Inode>(), edits: [] };
  return {
    ino,
    type,
    mode: owned.mode,
    uid: owned.uid,
    gid: owned.gid,
    nlink: 0,
    mtimeMs: now,
    ctimeMs: now,
    bytes: EMPTY,
    target: "",
    attributes: new Map<string, string>(),
    entries: new Map<string, Inode>(),
    safe,
  };
}

function namesOnDisk(directory: Inode, survives: (edit: Edit) => boolean): Map<string, Inode> {
  const names = new Map(directory.safe.entries);
  for (const edit of directory.safe.edits.filter(survives)) {
    for (const [name, inode] of edit.names) setName(names, name, inode);
  }
  return names;
}

function setName(names: Map<string, Inode>, name: string, inode: Inode | undefined): void {
  if (inode === undefined) names.delete(name);
  else names.set(name, inode);
}

const SECTOR = 512;

/** What was synced, and of what was being written then, whole sectors. */
function survivingBytes({ bytes, safe }: Inode, chance: Chance | undefined): Buffer {
  if (chance === undefined || bytes.length <= safe.bytes.length) return safe.bytes;
  const ends = [safe.bytes.length, bytes.length];
  for (let end = SECTOR; end < bytes.length; end += SECTOR) if (end > safe.bytes.length) ends.push(end);
  return bytes.subarray(0, ends[Math.floor(chance() * ends.length)]);
}

function survivingOwned(inode: Inode, chance: Chance | undefined): Owned {
  const live = ownedOf(inode);
  const { mode, uid, gid } = inode.safe.owned;
  if (chance === undefined || (mode === live.mode && uid === live.uid && gid === live.gid)) return inode.safe.owned;
  return chance() < 0.5 ? live : inode.safe.owned;
}

function ownedOf({ mode, uid, gid }: Owned): Owned {
  return { mode, uid, gid };
}
