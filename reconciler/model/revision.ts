// One commit of the fleet's repository, and the texts that one host reads from it.

export interface Revision {
  /** Full hex object id of the commit. */
  readonly commit: string;
  /** Full hex object id of its root tree. */
  readonly tree: string;
  /** Committer time, Unix seconds. */
  readonly time: number;
  /** First line of the message, with control characters made visible. */
  readonly subject: string;
  readonly author: string;
}

export interface TreeFile {
  /** Path in the repository, with `/`, never absolute, never with `..`. */
  readonly path: string;
  /** Git's blob id, or a SHA-256 of the bytes when the tree is a folder. */
  readonly oid: string;
  readonly bytes: Buffer;
}

/** The texts of a revision (or of a folder at a desk) that were asked for, keyed by path. */
export type Tree = ReadonlyMap<string, TreeFile>;
