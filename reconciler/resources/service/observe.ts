// One look at all services that are wanted or remembered.
import type { MachineReader } from "../../machine/machine.ts";
import { ABSENT } from "../../model/absent.ts";
import type { Service, ServiceState } from "../../model/service-state.ts";
import { nameOf, type ResourceId } from "../../model/state.ts";
import type { Target, Wanted } from "../../model/target.ts";
import type { Looked, Trouble } from "../kind.ts";
import { detectSupervisor } from "../supervisors/detect.ts";
import type { SupervisedService, Supervisor } from "../supervisors/supervisor.ts";
import { noSupervisor } from "./told.ts";

export async function observeServices(
  machine: MachineReader,
  ids: readonly ResourceId[],
  { wanted }: Target,
): Promise<Looked> {
  const supervisor = detectSupervisor(machine);
  if (supervisor === undefined) return { seen: new Map(), problems: [], troubles: nobodyCares(ids, wanted) };
  const looked = await supervisor.look(machine, ids.map(nameOf));
  // Files that are changed now would never again be a reason to renew a service that cannot be asked.
  if (!looked.ok) return { seen: new Map(), problems: looked.problems };
  const seen = ids.map((id) => {
    const service = looked.value.get(nameOf(id));
    return [id, { state: stateOf(service, supervisor, wanted.get(id)) }] as const;
  });
  return { seen: new Map(seen), problems: [] };
}

function nobodyCares(ids: readonly ResourceId[], wanted: Target["wanted"]): readonly Trouble[] {
  const asked = ids.filter((id) => wanted.has(id) && wanted.get(id)?.implied !== true);
  return asked.map((id) => ({ id, problem: noSupervisor(nameOf(id)) }));
}

/** What nobody could make otherwise is as it is wanted. */
function stateOf(
  service: SupervisedService | undefined,
  { offline }: Supervisor,
  wanted: Wanted | undefined,
): ServiceState {
  if (service?.known !== true) return ABSENT;
  const wish: Partial<Service> = wanted?.state.type === "service" ? wanted.state : {};
  const { fixed, masked } = service;
  const enabled = fixed === true ? (wish.enabled ?? service.enabled) : service.enabled;
  if (offline === true)
    return { type: "service", enabled, masked, ...(wish.running === undefined ? {} : { running: wish.running }) };
  // Who wants it stopped means its restarts as well.
  const running = service.running || (wish.running === false && service.looping === true);
  return { type: "service", enabled, running, masked };
}
