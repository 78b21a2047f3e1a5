// What would come with a transaction although nobody wants it, in words that say what to write instead.
import type { PackageState } from "../../model/package-state.ts";
import { nameOf, type ResourceId, type State } from "../../model/state.ts";
import { printable } from "../../../common/printable.ts";
import type { Problem } from "../../../common/problem.ts";
import { namesOf } from "./mend.ts";

export function goesToo(name: string, causes: readonly ResourceId[]): Problem {
  const shown = printable(name);
  return {
    code: "surprise-removal",
    what: `the package manager would remove ${shown} for it, which nobody wants gone`,
    hint: `keep ${shown} and take out ${namesOf(causes.map(nameOf))}; or, if ${shown} may go, say so: "${shown}: absent"`,
  };
}

export function broughtInspiteOf(name: string, to: string, wanted: State): Problem {
  const asked = (wanted as PackageState).type === "absent" ? "absent" : `at ${printable(versionIn(wanted))}`;
  return {
    code: "unwelcome-package",
    what: `it would bring ${printable(name)} ${printable(to)}, which the desired state wants ${asked}`,
    hint: `they do not go together: change what is said about ${printable(name)}, or take the other out`,
  };
}

function versionIn(state: State): string {
  return state.type === "installed" ? (state.version ?? "") : "";
}

export function isHeld(name: string, from: string, to: string): Problem {
  const shown = printable(name);
  return {
    code: "hold-in-the-way",
    what: `it would bring ${shown} from ${printable(from)} to ${printable(to)}, and ${shown} is held at its version`,
    hint: `release it ("held: false" for ${shown}), or ask for a version that does with the one at hand`,
  };
}

export function isUpdateOf(name: string, to: string): Problem {
  return {
    code: "update-excepted",
    what: `it would bring ${printable(name)} ${printable(to)}, which unattended updates leave alone`,
    hint: `take ${printable(name)} out of the exceptions of unattended updates, or ask for it as a package`,
  };
}

/** The name of something that others provide, for example. */
export function isNothing(name: string): Problem {
  return {
    code: "not-a-package",
    what: `the package manager would do nothing about ${printable(name)} itself`,
    hint: "several packages may provide it: write the name of the one that is meant",
  };
}

export function tooManyTries(): Problem {
  return {
    code: "too-many-troubles",
    what: "too many packages cannot be had at once to find out about each of them in one run",
    hint: "put the other packages right first; this one is looked at again in the next run",
  };
}
