// What is being put together while one host is rendered: entries by path, their bytes, and what is wrong with them.
import { createHash } from "node:crypto";
import type { Environment } from "../../mace/model.ts";
import type { Accounts } from "../accounts.ts";
import type { DesiredState } from "../model/desired.ts";
import type { Tree } from "../model/revision.ts";
import type { FileState, Permissions } from "../model/file-state.ts";
import type { Check } from "../model/target.ts";
import type { Problem } from "../../common/problem.ts";
import type { Provenance } from "./rendered.ts";

export interface Entry {
  readonly state: FileState;
  readonly provenance: Provenance;
  readonly implied?: true;
  readonly check?: Check;
}

export interface Work {
  readonly input: WorkInput;
  readonly env: Environment;
  /** By path. */
  readonly entries: Map<string, Entry>;
  readonly contents: Map<string, Buffer>;
  readonly problems: Problem[];
  /** Whether any owner was asked for. */
  owners: boolean;
}

/** What the entries are made from. */
export interface WorkInput {
  readonly desired: DesiredState;
  readonly tree: Tree;
  readonly accounts: Accounts;
  /** Whether owners can be set; without it they are told once and left alone. */
  readonly privileged: boolean;
}

/** The state of a file with these bytes, which are kept under their digest. */
export function regular(work: Work, bytes: Buffer, permissions: Permissions): FileState {
  const digest = createHash("sha256").update(bytes).digest("hex");
  work.contents.set(digest, bytes);
  return { type: "regular", digest, size: bytes.length, ...permissions };
}
