// Health checks as the fleet writes them, and what they found.

/** `required` turns the verdict; `wanted` is only told. */
export type Level = "required" | "wanted";

export type Probe =
  | { readonly type: "file"; readonly path: string; readonly contains?: string }
  | { readonly type: "http"; readonly url: string; readonly status: number; readonly contains?: string }
  | { readonly type: "tcp"; readonly host: string; readonly port: number }
  | { readonly type: "dns"; readonly name: string; readonly server?: string }
  | { readonly type: "exec"; readonly argv: readonly string[] }
  | OwnProbe;

/** What a server asks itself when a change could cut it off; no fleet writes these. */
type OwnProbe =
  /** A repository answers as such: an address of config.yaml. */
  | { readonly type: "remote"; readonly url: string }
  /** The system's own resolver knows the name. */
  | { readonly type: "name"; readonly name: string }
  /** There is a default route, and who it leads to is there. */
  | { readonly type: "gateway"; readonly family: 4 | 6 }
  /** Something listens at the port, or the service that did listens at another one. */
  | { readonly type: "listens"; readonly protocol: "tcp" | "udp"; readonly port: number; readonly service?: string };

export interface HealthCheck {
  readonly name: string;
  readonly level: Level;
  readonly probe: Probe;
  /** How long one attempt may take. */
  readonly timeoutMs: number;
  /** How long after a change a failing check may go on failing before it counts. */
  readonly graceMs: number;
  /** After a change one good answer is not enough: so much later it has to be good again, milliseconds. */
  readonly againMs?: number;
}

export interface HealthFinding {
  readonly name: string;
  readonly level: Level;
  readonly ok: boolean;
  /** Why it is not ok, in a few words; empty when it is. */
  readonly detail: string;
}

export type HealthReport = readonly HealthFinding[];

/** `keep` when nothing required got worse, else `undo` with the checks that did. */
export interface Verdict {
  readonly keep: boolean;
  readonly worsened: readonly HealthFinding[];
}
