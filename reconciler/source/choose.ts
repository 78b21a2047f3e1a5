// The commit on offer and the newest one accepted so far in, the commit to care for out. History never runs backwards.
import type { Problem } from "../../common/problem.ts";
import type { Revision } from "../model/revision.ts";

export interface Offer {
  /** The newest commit known of the branch; left out when no remote ever answered. */
  readonly tip?: Revision;
  /** High-water mark: the newest commit this server ever accepted. */
  readonly accepted?: Revision;
  /** Whether `accepted` is the tip or an ancestor of it. Means nothing while nothing was accepted. */
  readonly descends?: boolean;
  /** Whether the tip is an older ancestor of `accepted`, as in a mirror that lags behind. */
  readonly behind?: boolean;
  /** The commit an administrator rolled back to. It holds until it is taken away. */
  readonly pin?: Revision;
}

export interface Choice {
  /** What to care for; left out when nothing is known at all. */
  readonly revision?: Revision;
  readonly because: "tip" | "accepted" | "pinned" | "nothing";
  /** The tip, when it may not be followed. */
  readonly refused?: { readonly revision: Revision; readonly reason: "rewound"; readonly problem: Problem };
}

/**
 * A pin wins. Otherwise the tip, if it grows out of what was accepted; otherwise what was accepted stays in care.
 * A tip that does not grow out of it is refused, pin or not, so that forced history is always told.
 */
export function choose(offer: Offer): Choice {
  const refused = refusal(offer);
  const said = refused === undefined ? {} : { refused };
  if (offer.pin !== undefined) return { revision: offer.pin, because: "pinned", ...said };
  if (offer.tip !== undefined && refused === undefined) return { revision: offer.tip, because: "tip" };
  if (offer.accepted !== undefined) return { revision: offer.accepted, because: "accepted", ...said };
  return { because: "nothing" };
}

function refusal({ tip, accepted, descends, behind }: Offer): Choice["refused"] {
  if (tip === undefined || accepted === undefined || tip.commit === accepted.commit || descends === true)
    return undefined;
  return {
    revision: tip,
    reason: "rewound",
    problem: behind === true ? behindProblem(tip, accepted) : rewound(tip, accepted),
  };
}

function rewound(tip: Revision, accepted: Revision): Problem {
  return {
    code: "rewound",
    what: `the branch is at ${short(tip)}, which does not contain ${short(accepted)}, the commit this server already follows`,
    hint:
      `put the branch back on top of ${accepted.commit}, for example with git merge, ` +
      "and undo with git revert; forced history is never followed",
  };
}

function behindProblem(tip: Revision, accepted: Revision): Problem {
  return {
    code: "rewound",
    what: `the branch is at ${short(tip)}, which is older than ${short(accepted)}, the commit this server already follows`,
    hint:
      `either this remote is a copy that lags behind, then bring it up to date; or the branch was set back, then push ` +
      `${accepted.commit} again and undo with git revert`,
  };
}

function short(revision: Revision): string {
  return revision.commit.slice(0, 12);
}
