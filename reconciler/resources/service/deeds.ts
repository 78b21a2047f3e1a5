// What is wanted of services, and how they are now, in; which actions that takes, each for a set of them, out.
import type { Change } from "../../model/plan.ts";
import type { Service } from "../../model/service-state.ts";
import { nameOf } from "../../model/state.ts";
import type { ServiceAction, SupervisedService } from "../supervisors/supervisor.ts";

export interface Deed {
  readonly action: ServiceAction;
  readonly names: readonly string[];
}

export interface Wish {
  readonly name: string;
  /** What is left out is not cared for. */
  readonly state: Partial<Service>;
  readonly renew?: Change["renew"];
}

/** In the order in which they have to be done; none without a name. */
export function deedsFor(wishes: readonly Wish[], now: ReadonlyMap<string, SupervisedService>): readonly Deed[] {
  const sets = new Map<ServiceAction, string[]>(ORDER.map((action) => [action, []]));
  for (const wish of wishes) {
    const service = now.get(wish.name);
    if (service === undefined) continue;
    for (const action of actionsFor(wish, service)) sets.get(action)?.push(wish.name);
  }
  return [...sets].filter(([, names]) => names.length > 0).map(([action, names]) => ({ action, names }));
}

const ORDER: readonly ServiceAction[] = [
  "unmask",
  "stop",
  "disable",
  "mask",
  "enable",
  "reset-failed",
  "start",
  "reload",
  "restart",
];

function actionsFor({ state, renew }: Wish, service: SupervisedService): readonly ServiceAction[] {
  const { running, failed, looping = false } = service;
  const starts = state.running === true && !running;
  return [
    ...(state.masked === false && service.masked ? (["unmask"] as const) : []),
    ...(state.running === false && (running || looping) ? (["stop"] as const) : []),
    ...(state.enabled === false && service.enabled ? (["disable"] as const) : []),
    ...(state.masked === true && !service.masked ? (["mask"] as const) : []),
    ...(state.enabled === true && !service.enabled && service.fixed !== true ? (["enable"] as const) : []),
    ...((starts && failed) || (state.running === false && failed && !looping) ? (["reset-failed"] as const) : []),
    // What its supervisor is about to start would only be waited for.
    ...(starts ? ([failed ? "restart" : "start"] as const) : []),
    ...(!starts && running && state.running !== false ? renewing(renew, service) : []),
  ];
}

function renewing(renew: Change["renew"], { reloadable }: SupervisedService): readonly ServiceAction[] {
  if (renew === undefined) return [];
  return [renew === "reload" && reloadable ? "reload" : "restart"];
}

/** A service that goes is stopped and disabled; its unit goes with its own package or file. */
export function wishOf({ id, after, renew }: Change): Wish {
  const state: Partial<Service> = after.type === "service" ? after : GOING;
  return { name: nameOf(id), state, ...(renew === undefined ? {} : { renew }) };
}

const GOING: Partial<Service> = { enabled: false, running: false };
