// Where the embedded supervisor finds its services, and what goes over its control socket: one JSON value in, one out.
import type { Problem } from "../../../common/problem.ts";
import type { ServiceAction, SupervisedService } from "./supervisor.ts";

export const SUPERVISE_VERSION = 1;
/** Below the store; mode 0600, so whoever may open it may start and stop services. */
export const SUPERVISE_SOCKET = "/supervise/control.sock";

/** Below the managed root: a file for each service. */
export const SUPERVISED_SERVICES = "/etc/reconciler/services";

export function definitionFile(name: string): string {
  return `${SUPERVISED_SERVICES}/${name}.yaml`;
}

export type SuperviseRequest = { readonly version: typeof SUPERVISE_VERSION } & (
  | { readonly verb: "look"; readonly names: readonly string[] }
  | { readonly verb: "act"; readonly action: ServiceAction; readonly names: readonly string[] }
  | { readonly verb: "last-words"; readonly name: string }
);

export type SuperviseAnswer =
  | { readonly type: "services"; readonly services: Readonly<Record<string, SupervisedService>> }
  | { readonly type: "acted"; readonly problems: readonly Problem[] }
  | { readonly type: "words"; readonly words: string }
  | { readonly type: "refused"; readonly what: string };

/** The actions that a request may name. */
export const ACTIONS: readonly ServiceAction[] = [
  "start",
  "stop",
  "restart",
  "reload",
  "enable",
  "disable",
  "mask",
  "unmask",
  "reset-failed",
];
