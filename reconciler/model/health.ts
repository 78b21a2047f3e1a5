// Health checks as the fleet writes them, and what they found.

/** `required` turns the verdict; `wanted` is only told. */
export type Level = "required" | "wanted";

export type Probe =
  | { readonly type: "file"; readonly path: string; readonly contains?: string }
  | { readonly type: "http"; readonly url: string; readonly status: number; readonly contains?: string }
  | { readonly type: "tcp"; readonly host: string; readonly port: number }
  | { readonly type: "dns"; readonly name: string; readonly server?: string }
  | { readonly type: "exec"; readonly argv: readonly string[] };

export interface HealthCheck {
  readonly name: string;
  readonly level: Level;
  readonly probe: Probe;
  /** How long one attempt may take. */
  readonly timeoutMs: number;
  /** How long after a change a failing check may go on failing before it counts. */
  readonly graceMs: number;
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
