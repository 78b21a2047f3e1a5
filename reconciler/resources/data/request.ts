// What is to be brought, and from where.
import type { Data } from "../../model/data-state.ts";
import type { Digest, Permissions } from "../../model/file-state.ts";
import type { Supply } from "../../model/target.ts";
import type { Walk } from "./walk.ts";

export interface Request {
  readonly path: string;
  readonly shape: Data["shape"];
  readonly owner: Permissions;
  readonly supply: Supply;
  /** Nothing else is taken; whatever the source has, when left out. */
  readonly expected?: Digest;
  /** What its source has, where that was looked at a moment ago. */
  readonly offered?: Walk;
  readonly signal: AbortSignal;
}
