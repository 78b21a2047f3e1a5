// Wishes in; the transaction that the manager would make for them out, or what is against it: the manager itself, or a
// package that somebody needs and that would go.
import type { MachineReader } from "../../machine/machine.ts";
import { idOf, type ResourceId } from "../../model/state.ts";
import type { Target } from "../../model/target.ts";
import { refuse, succeed, type Problem } from "../../../common/problem.ts";
import type { Draft } from "../kind.ts";
import type { PackageAction, PackageManager } from "../managers/manager.ts";
import type { Trial, Wished } from "./sift.ts";
import { broughtInspiteOf, goesToo, isHeld, isNothing, isUpdateOf, tooManyTries } from "./unwelcome.ts";

/** A simulation takes up to half a second on an old server. */
const MOST_TRIALS = 48;

/** `all` are all wishes of the plan: what one of them wants gone may go for any other. */
export function trialOf(
  manager: PackageManager,
  machine: MachineReader,
  { target }: Draft,
  all: readonly Wished[],
): Trial {
  const goers = new Set(all.flatMap(({ wish }) => (wish.type === "absent" ? [wish.name] : [])));
  let tries = 0;
  return async (wishes) => {
    tries += 1;
    if (tries > MOST_TRIALS) return refuse(tooManyTries());
    const simulated = await manager.simulate(
      machine,
      wishes.map(({ wish }) => wish),
    );
    if (!simulated.ok) return simulated;
    const moved = simulated.value.filter(({ name, from }) => from !== undefined && !isWished(name, wishes));
    const found = moved.length === 0 ? undefined : await manager.installed(machine, moved.map(nameOfAction));
    if (found?.ok === false) return found;
    const held = new Set([...(found?.value ?? [])].flatMap(([name, package_]) => (package_.held ? [name] : [])));
    const problems = objections(simulated.value, wishes, { goers, held, target });
    return problems.length > 0 ? refuse(...problems) : succeed(simulated.value);
  };
}

interface Known {
  /** Nobody needs them any more. */
  readonly goers: ReadonlySet<string>;
  /** Told to stay at their version. */
  readonly held: ReadonlySet<string>;
  readonly target: Target;
}

function objections(actions: readonly PackageAction[], wishes: readonly Wished[], known: Known): readonly Problem[] {
  const touched = new Set(actions.map(nameOfAction));
  const idle = wishes.filter(({ wish }) => !touched.has(wish.name)).map(({ wish }) => isNothing(wish.name));
  const surprises = actions.filter(({ name }) => !isWished(name, wishes));
  return [...idle, ...surprises.flatMap((action) => objection(action, wishes, known) ?? [])];
}

/** To a package that nobody asked for by its name. */
function objection(
  action: PackageAction,
  wishes: readonly Wished[],
  { goers, held, target }: Known,
): Problem | undefined {
  const { name, from, to } = action;
  const { state } = target.wanted.get(idOf("package", name)) ?? {};
  if (to === undefined) return goers.has(name) ? undefined : goesToo(name, idsOf(wishes));
  if (state?.type === "absent" || (state?.type === "installed" && (state.version ?? to) !== to))
    return broughtInspiteOf(name, to, state);
  if (from === undefined) return undefined;
  if (held.has(name)) return isHeld(name, from, to);
  const excepted = target.updates?.except.includes(name) === true;
  return excepted && wishes.every(({ change }) => change.why === "updated") ? isUpdateOf(name, to) : undefined;
}

function isWished(name: string, wishes: readonly Wished[]): boolean {
  return wishes.some(({ wish }) => wish.name === name);
}

function idsOf(wishes: readonly Wished[]): readonly ResourceId[] {
  return wishes.map(({ change }) => change.id);
}

function nameOfAction({ name }: PackageAction): string {
  return name;
}
