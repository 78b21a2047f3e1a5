// Why a file is as it is, as one plain value: made by explain-path.ts, told by describe.ts and json.ts.
import type { Where } from "../../common/problem.ts";
import type { Standing } from "../model/plan.ts";
import type { FileState } from "../model/file-state.ts";
import type { Policy, Remembered } from "../model/target.ts";
import type { Revision } from "../model/revision.ts";
import type { SourceRange } from "./ranges.ts";

/** Who wrote a line of the repository last. */
export interface Credit {
  /** Full hex id. */
  readonly commit: string;
  readonly author: string;
  /** Author time, Unix seconds. */
  readonly time: number;
  readonly subject: string;
}

export interface Part extends SourceRange {
  /** Left out for what ships with the program, and where git cannot tell. */
  readonly credit?: Credit;
}

export interface UsedVariable {
  readonly name: string;
  /** Left out for a file that not everybody may read. */
  readonly value?: string;
  readonly where: Where;
}

export interface GoneSource {
  readonly file: string;
  readonly fate: "overridden" | "hidden";
  readonly by?: string;
}

/** How the machine has it now. */
export interface Present {
  readonly standing?: Standing;
  readonly state?: FileState;
}

export interface Explanation {
  readonly path: string;
  readonly revision: Revision;
  /** A service of mace, or the word of `files:` that made it; `folder` when something only has to lie in it. */
  readonly by: string;
  /** The place in a YAML file that asks for it, if one does. */
  readonly wish?: { readonly where: Where; readonly credit?: Credit };
  readonly wanted: FileState;
  readonly policy: Policy;
  readonly owner?: string;
  readonly group?: string;
  readonly check?: readonly string[];
  /** Whether it was here before us; left out for what we never made. */
  readonly origin?: Remembered["origin"];
  /** Left out when the policy says not to look. */
  readonly present?: Present;
  readonly parts: readonly Part[];
  readonly variables: readonly UsedVariable[];
  readonly gone: readonly GoneSource[];
}

/** A path that the fleet says nothing of. */
export interface Unmanaged {
  readonly path: string;
  readonly revision: Revision;
  /** Set when we made it once and the next run takes it away. */
  readonly retired?: true;
  /** The sources that would have made it, all overridden or hidden. */
  readonly gone: readonly GoneSource[];
  /** Managed paths that may have been meant. */
  readonly nearest: readonly string[];
}

export type Answer =
  | { readonly managed: true; readonly explanation: Explanation }
  | { readonly managed: false; readonly unmanaged: Unmanaged };
