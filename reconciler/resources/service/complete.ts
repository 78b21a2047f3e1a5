// What the rest of a plan means for services: who has to read its files again, and who cannot be what is wanted.
import type { MachineReader } from "../../machine/machine.ts";
import type { Change } from "../../model/plan.ts";
import { satisfies } from "../../model/satisfies.ts";
import { kindOf, nameOf, type ResourceId, type State } from "../../model/state.ts";
import type { Wanted } from "../../model/target.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Completed, Draft, Trouble } from "../kind.ts";
import { unknownService } from "../supervisors/answer.ts";
import { detectSupervisor } from "../supervisors/detect.ts";
import type { SupervisedService, Supervisor } from "../supervisors/supervisor.ts";
import { cannotMask, masked, unknown } from "./told.ts";
import { touched, type Touched } from "./touch.ts";

export async function completeServices(machine: MachineReader, draft: Draft): Promise<Completed> {
  const own = draft.plan.changes.filter(({ id }) => kindOf(id) === "service");
  const supervisor = detectSupervisor(machine);
  const cared = caredFor(draft);
  if (supervisor === undefined || cared.length === 0) return completed(own, []);
  const looked = await supervisor.look(
    machine,
    cared.map(([id]) => nameOf(id)),
  );
  if (!looked.ok) return completed(own, holdBack(draft, cared, looked.problems));
  const rest = draft.plan.changes.filter(({ id }) => kindOf(id) !== "service");
  const changes = own.filter(({ id }) => !draft.target.wanted.has(id));
  const troubles: Trouble[] = [];
  for (const [id, wanted] of cared) {
    const service = looked.value.get(nameOf(id)) ?? unknownService();
    const sight = { id, wanted, service, supervisor, touch: touched(rest, wanted.running, service.reads) };
    const change = changeFor(sight, draft);
    if (change === undefined) continue;
    changes.push(change);
    const problem = obstacle(sight, change, rest);
    if (problem !== undefined) troubles.push({ id, problem });
  }
  return completed(changes, troubles);
}

interface Sight {
  readonly id: ResourceId;
  readonly wanted: Wanted;
  readonly service: SupervisedService;
  readonly supervisor: Supervisor;
  readonly touch: Touched;
}

function completed(changes: readonly Change[], troubles: readonly Trouble[]): Completed {
  return { changes, troubles, held: [], notices: [] };
}

function caredFor({ target, observed }: Draft): readonly (readonly [ResourceId, Wanted])[] {
  return [...target.wanted].filter(
    ([id, { policy, state }]) =>
      kindOf(id) === "service" && state.type === "service" && policy !== "ignore" && observed.has(id),
  );
}

/** Nobody could renew them afterwards, so what they read stays as it is, too. */
function holdBack(
  { plan }: Draft,
  cared: readonly (readonly [ResourceId, Wanted])[],
  problems: readonly Problem[],
): readonly Trouble[] {
  const ids = new Set<ResourceId>(
    cared.flatMap(([id, { running }]) => [id, ...touched(plan.changes, running, []).because]),
  );
  return [...ids].flatMap((id) => problems.map((problem) => ({ id, problem })));
}

/** The one change of a service: what the fleet wants of it, and what the rest of the plan asks of it. */
function changeFor(sight: Sight, { plan, observed }: Draft): Change | undefined {
  const { id, wanted, supervisor, touch } = sight;
  const own = plan.changes.find((change) => change.id === id);
  const before = observed.get(id)?.state;
  const renew = renewal(sight, own);
  const rereads = touch.redefined && supervisor.caches === true && before?.type === "service";
  const because = touch.because.length === 0 ? {} : { because: touch.because };
  if (own !== undefined)
    return { ...own, after: possible(own.after, supervisor), ...because, ...(renew === undefined ? {} : { renew }) };
  if (before === undefined || (renew === undefined && !rereads)) return undefined;
  // What its policy or its window holds back is not done by the way.
  const after = satisfies(before, wanted.state) ? wanted.state : before;
  const settle = renew === undefined || wanted.running === undefined ? {} : { settleMs: wanted.running.settleMs };
  const implied = wanted.implied === undefined ? {} : { implied: wanted.implied };
  return {
    id,
    before,
    after,
    why: "follows",
    standing: "pending",
    ...because,
    ...settle,
    ...implied,
    ...(renew === undefined ? {} : { renew }),
  };
}

/** Where nothing runs, nobody promises that something will. */
function possible(after: State, { offline }: Supervisor): State {
  if (after.type !== "service" || offline !== true) return after;
  const { running: _, ...rest } = after;
  return rest;
}

/** Only what runs, and goes on running, has something to read again. */
function renewal({ wanted, service, supervisor, touch }: Sight, own: Change | undefined): Change["renew"] {
  const stops = own?.after.type === "service" && (own.after.running === false || own.after.masked === true);
  const how = wanted.running?.renew ?? "restart";
  if (supervisor.offline === true || !service.running || stops || how === "none" || touch.because.length === 0)
    return undefined;
  return touch.restart || how === "restart" || !service.reloadable ? "restart" : "reload";
}

/** Why a change of a service would not work, as far as that is known beforehand. */
function obstacle(sight: Sight, { after }: Change, rest: readonly Change[]): Problem | undefined {
  const { id, service, supervisor, wanted } = sight;
  const name = nameOf(id);
  if (after.type !== "service") return undefined;
  if (!service.known && !isBrought(sight, rest)) return unknown(name, supervisor.name);
  if (after.masked === true && supervisor.unsupported?.includes("mask") === true)
    return cannotMask(name, supervisor.name);
  const wantsUp = after.enabled === true || after.running === true;
  return service.masked && wantsUp && wanted.state.type === "service" && wanted.state.masked === undefined
    ? masked(name)
    : undefined;
}

function isBrought({ wanted, touch }: Sight, rest: readonly Change[]): boolean {
  const packages = new Set<ResourceId>([
    ...(wanted.running?.packages ?? []).map((name) => `package:${name}` as const),
    ...(wanted.needs ?? []),
  ]);
  const installs = rest.some(
    ({ id, after }) => kindOf(id) === "package" && packages.has(id) && after.type === "installed",
  );
  return installs || touch.redefined;
}
