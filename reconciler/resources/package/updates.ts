// Newer versions that the repositories have in; those that this server takes by itself out, as changes like any other.
import type { MachineReader } from "../../machine/machine.ts";
import type { Change, Held } from "../../model/plan.ts";
import { policyOf } from "../../model/policy.ts";
import { idOf, type ResourceId } from "../../model/state.ts";
import type { Policy, Target } from "../../model/target.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Draft } from "../kind.ts";
import type { InstalledPackage, PackageManager, Upgrade } from "../managers/manager.ts";
import type { Wished } from "./sift.ts";
import { stateOf } from "./states.ts";

export interface FoundUpdates {
  readonly wished: readonly Wished[];
  /** Those that a policy only wants to be told. */
  readonly held: readonly Held[];
  readonly notices: readonly Problem[];
}

const NONE: FoundUpdates = { wished: [], held: [], notices: [] };

export async function updatesFor(manager: PackageManager, machine: MachineReader, draft: Draft): Promise<FoundUpdates> {
  const { which = "none" } = draft.target.updates ?? {};
  if (which === "none") return NONE;
  const offered = await manager.upgrades(machine);
  if (!offered.ok) return { ...NONE, notices: offered.problems };
  const meant = offered.value.filter(({ security }) => which === "all" || security === true);
  const notices = which === "security" && offered.value.some(isUnsaid) ? [cannotTell(manager.name)] : [];
  const found = meant.length === 0 ? undefined : await manager.installed(machine, meant.map(nameOfUpgrade));
  if (found?.ok === false) return { ...NONE, notices: [...notices, ...found.problems] };
  const known: Known = { draft, planned: idsOf(draft), installed: found?.value ?? new Map() };
  const ours = meant.flatMap((upgrade) => considered(upgrade, known) ?? []);
  const wished = ours.flatMap(({ upgrade, change, policy }) =>
    policy === "enforce" ? [asWished(change, upgrade)] : [],
  );
  const held = ours.flatMap(({ change, policy }) => (policy === "report" ? [asHeld(change)] : []));
  return { wished, held, notices };
}

interface Known {
  readonly draft: Draft;
  /** What has a change already, or is only told. */
  readonly planned: ReadonlySet<ResourceId>;
  readonly installed: ReadonlyMap<string, InstalledPackage>;
}

interface Considered {
  readonly upgrade: Upgrade;
  readonly change: Change;
  readonly policy: Policy;
}

/** Undefined for what is left alone: an exception, a hold, or a version that somebody asked for in so many words. */
function considered(upgrade: Upgrade, { draft: { target }, planned, installed }: Known): Considered | undefined {
  const { name, from, to } = upgrade;
  const id = idOf("package", name);
  const found = installed.get(name);
  if (found === undefined || found.held || planned.has(id) || isExcepted(name, target)) return undefined;
  const before = stateOf({ version: from, held: found.held });
  const after = { ...before, version: to };
  const policy = target.wanted.get(id)?.policy ?? policyOf(name, target.policies);
  return { upgrade, policy, change: { id, before, after, why: "updated", standing: "pending" } };
}

function isExcepted(name: string, { wanted, updates }: Target): boolean {
  const state = wanted.get(idOf("package", name))?.state;
  const isPinned = state?.type === "installed" && (state.version !== undefined || state.held === true);
  return isPinned || updates?.except.includes(name) === true;
}

function idsOf({ plan: { changes, held } }: Draft): ReadonlySet<ResourceId> {
  return new Set([...changes, ...held].map(({ id }) => id));
}

function asWished(change: Change, { name, to }: Upgrade): Wished {
  return { change, wish: { name, type: "installed", version: to } };
}

function asHeld({ id, standing, before, after }: Change): Held {
  return { id, policy: "report", standing, before, after };
}

function isUnsaid({ security }: Upgrade): boolean {
  return security === undefined;
}

function nameOfUpgrade({ name }: Upgrade): string {
  return name;
}

function cannotTell(manager: string): Problem {
  return {
    code: "security-unknown",
    what: `${manager} does not say which updates are for security, so those are not made`,
    hint: 'ask for all updates ("updates: all"), or make them by hand',
  };
}
