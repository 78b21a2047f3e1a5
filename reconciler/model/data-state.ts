// Pure data, as states: a file or a whole tree that is switched in one step.
import type { Absent } from "./absent.ts";
import type { Digest, Permissions } from "./file-state.ts";

export interface Data extends Permissions {
  readonly type: "data";
  readonly shape: "file" | "tree";
  /**
   * Which content this is: of a file the SHA-256 of its bytes; of a tree that of its listing, which has a line per entry
   * with its path, type, mode and content.
   */
  readonly digest: Digest;
  /** Bytes of all files together. */
  readonly size: number;
}

export type DataState = Data | Absent;
