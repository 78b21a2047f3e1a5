// The changes that a plan has for packages in; every package that the manager would touch for them out, each as one
// change. What cannot be had, or would cost what somebody needs, is set aside alone.
import type { MachineReader } from "../../machine/machine.ts";
import type { Change, Held } from "../../model/plan.ts";
import { kindOf, nameOf } from "../../model/state.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Completed, Draft, Trouble } from "../kind.ts";
import type { PackageManager } from "../managers/manager.ts";
import { conffileNotices } from "./conffiles.ts";
import { atItsVersion, releaseFirst } from "./holds.ts";
import { halfDone, namesOf } from "./mend.ts";
import { mendings } from "./mendings.ts";
import { NOTHING, sift, type Refused, type Sifted, type Wished } from "./sift.ts";
import { wishOf } from "./states.ts";
import { changesOf } from "./transaction.ts";
import { trialOf } from "./trial.ts";
import { updatesFor } from "./updates.ts";

export async function completePackages(
  manager: PackageManager | undefined,
  machine: MachineReader,
  draft: Draft,
): Promise<Completed> {
  const drafted = draft.plan.changes.filter(({ id }) => kindOf(id) === "package");
  if (manager === undefined) return nothingNow(drafted);
  const { asked, released, notices } = releaseFirst(drafted, draft);
  const broken = await manager.broken(machine);
  if (!broken.ok) return { ...nothingNow(drafted), troubles: troublesOf(drafted, broken.problems) };
  const updates = await updatesFor(manager, machine, draft);
  const wished = [...asked.flatMap(asWished), ...updates.wished];
  const sifted = await siftAll(manager, machine, draft, wished, broken.value);
  const made = await changesOf(manager, machine, sifted);
  const refused = sifted.refused.filter(({ wished: { change } }) => isForced(change));
  return {
    changes: [
      ...made,
      ...released,
      ...asked.filter((change) => wishOf(change) === undefined).map(atItsVersion),
      // Still there, so that whoever reads the plan sees what is set aside.
      ...refused.map(({ wished: { change } }) => change),
      ...(await mendings(manager, machine, broken.value, [...drafted, ...made])),
    ],
    held: [...updates.held, ...sifted.refused.filter(({ wished: { change } }) => !isForced(change)).map(asHeld)],
    troubles: refused.flatMap(({ wished: { change }, problems }) => troublesOf([change], problems)),
    notices: [
      ...notices,
      ...halfDone(broken.value),
      ...updates.notices,
      ...(await conffileNotices(manager, machine, draft)),
    ],
  };
}

/** What git asks for in so many words. The others are kept as they are, and that is told, when they cannot be made. */
function isForced({ why }: Change): boolean {
  return why !== "retired" && why !== "updated";
}

function asWished(change: Change): Wished[] {
  const wish = wishOf(change);
  return wish === undefined ? [] : [{ change, wish }];
}

/** What git asks for first, then what nobody wants any more, then updates: none of them can spoil the one before. */
async function siftAll(
  manager: PackageManager,
  machine: MachineReader,
  draft: Draft,
  wished: readonly Wished[],
  broken: readonly string[],
): Promise<Sifted> {
  const trial = trialOf(manager, machine, draft, wished);
  let sifted: Sifted = NOTHING;
  for (const belongs of [isForced, isRetired, isUpdated]) {
    const candidates = wished.filter(({ change }) => belongs(change));
    // Until it is repaired a manager may refuse everything, and says nothing about anything in particular.
    const next = broken.length > 0 ? await allOrNone(trial, sifted, candidates) : await sift(trial, sifted, candidates);
    sifted = { ...next, refused: [...sifted.refused, ...next.refused] };
  }
  return sifted;
}

function isRetired({ why }: Change): boolean {
  return why === "retired";
}

function isUpdated({ why }: Change): boolean {
  return why === "updated";
}

async function allOrNone(
  trial: ReturnType<typeof trialOf>,
  { accepted, actions }: Sifted,
  candidates: readonly Wished[],
): Promise<Sifted> {
  const all = [...accepted, ...candidates];
  const tried = candidates.length === 0 ? undefined : await trial(all);
  if (tried === undefined) return { accepted, actions, refused: [] };
  if (tried.ok) return { accepted: all, actions: tried.value, refused: [] };
  const { problems } = tried;
  return { accepted, actions, refused: candidates.map((wished) => ({ wished, problems })) };
}

function asHeld({ wished: { change }, problems }: Refused): Held {
  const { id, standing, before, after } = change;
  const what = problems.map((problem) => problem.what).join("; ") || `cannot be made: ${namesOf([nameOf(id)])}`;
  return { id, policy: "enforce", standing, before, after, waits: { for: "trouble", what } };
}

function troublesOf(changes: readonly Change[], problems: readonly Problem[]): readonly Trouble[] {
  return changes.flatMap(({ id }) => problems.map((problem) => ({ id, problem })));
}

function nothingNow(changes: readonly Change[]): Completed {
  return { changes, held: [], troubles: [], notices: [] };
}
