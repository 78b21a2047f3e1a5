// What goes over the control socket of the embedded supervisor: one JSON value in, one out.
import type { Problem } from "../../../common/problem.ts";
import type { ServiceAction, SupervisedService } from "./supervisor.ts";

export const SUPERVISE_VERSION = 1;
/** Below the store; mode 0600, so whoever may open it may start and stop services. */
export const SUPERVISE_SOCKET = "/supervise/control.sock";

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
