// What rendering hands on: the Target, its bytes, and where every line of them came from.
import type { Environment, Origin, Piece } from "../../mace/model.ts";
import type { Contents, Target } from "../model/target.ts";
import type { Problem, Where } from "../../common/problem.ts";

export type Origins = readonly (Origin | undefined)[];

/** Where a wanted state was written. */
export interface Provenance {
  /** The service of mace that made it, or the word of `files:` that did. */
  readonly by: string;
  /** The place in a YAML file that asks for it, if one does. */
  readonly wish?: Where;
  /** One for each line; undefined for a line that mace wrote itself. Left out for what has no lines. */
  readonly origins?: Origins;
  /** Owner and group as they were written; undefined where nobody said. */
  readonly owner?: string;
  readonly group?: string;
}

/** Origins are an object a line, so they are made when somebody asks, which a calm server never does. */
export function withOrigins(told: Omit<Provenance, "origins">, make: () => Origins): Provenance {
  let made: Origins | undefined;
  return {
    ...told,
    get origins() {
      return (made ??= make());
    },
  };
}

/** The root under which the package's own templates stand in provenance; all others are folders of the repository. */
export const TEMPLATES = "templates";

/** More about one path, which is only worth finding out for whoever asks. */
export interface Trace {
  /** Every variable that can be filled in there, with the place where it was set. */
  readonly variables: Environment;
  /** Sources of this path that another one overrode or hid. */
  readonly gone: readonly Piece[];
}

export interface Rendered {
  readonly target: Target;
  readonly contents: Contents;
  /** By path. */
  readonly provenance: ReadonlyMap<string, Provenance>;
  /** What became of every source. */
  readonly pieces: readonly Piece[];
  readonly trace: (path: string) => Trace;
  readonly notices: readonly Problem[];
}
