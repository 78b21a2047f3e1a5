// A machine whose systemd exists on paper: units that start, stop and crash when they are told to, and a list of all
// that was asked.
import type { CommandResult, Machine, Stat } from "../../reconciler/machine/machine.ts";

export interface PaperUnit {
  enabled?: boolean;
  masked?: boolean;
  /** `crashed` failed for good, `looping` is started again soon. */
  is?: "running" | "stopped" | "crashed" | "looping";
  restarts?: number;
  reloadable?: boolean;
  /** Cannot be started. */
  broken?: boolean;
  /** Nothing of it is known until systemd reads its units again. */
  unread?: boolean;
  /** So many looks after a start it crashes. */
  crashesAfterLooks?: number;
  /** It has no [Install] section. */
  static?: boolean;
}

export interface PaperSystemd {
  readonly machine: Machine;
  readonly units: Record<string, PaperUnit>;
  /** What was run: verbs and units, `daemon-reload`. */
  readonly done: string[];
}

export function paperSystemd(units: Record<string, PaperUnit>): PaperSystemd {
  const done: string[] = [];
  const stat = (path: string): Partial<Stat> | undefined =>
    path === "/run/systemd/system" ? { type: "directory" } : undefined;
  const machine = {
    files: { stat, list: () => [] },
    store: { files: { stat: () => undefined } },
    clock: { wallMs: () => Date.now(), monotonicMs: () => performance.now() },
    live: true,
    privileged: true,
    hostPath: (path: string) => path,
    query: async ([program = "", ...words]: readonly string[]) =>
      program === "journalctl" ? told(0, "napper: no bed\n") : told(0, show(units, words)),
    run: async ([, ...words]: readonly string[]) => run(units, words, done),
  };
  return { machine: machine as unknown as Machine, units, done };
}

function told(code: number, stdout = "", stderr = ""): CommandResult {
  return { code, stdout: Buffer.from(stdout), stderr };
}

function namesIn(words: readonly string[]): readonly string[] {
  return words.slice(words.indexOf("--") + 1).map((unit) => unit.replace(/\.service$/, ""));
}

function show(units: Record<string, PaperUnit>, words: readonly string[]): string {
  return namesIn(words)
    .map((name) => block(name, units[name]))
    .join("\n");
}

function block(name: string, unit: PaperUnit | undefined): string {
  if (unit?.crashesAfterLooks !== undefined && unit.is === "running" && unit.crashesAfterLooks-- <= 0)
    unit.is = "crashed";
  const [active, sub] = ACTIVE[unit?.is ?? "stopped"];
  const lines = {
    Id: `${name}.service`,
    LoadState: unit === undefined || unit.unread === true ? "not-found" : unit.masked === true ? "masked" : "loaded",
    ActiveState: active,
    SubState: sub,
    Result: unit?.is === "crashed" || unit?.is === "looping" ? "exit-code" : "success",
    UnitFileState: unit?.static === true ? "static" : unit?.enabled === true ? "enabled" : "disabled",
    CanReload: unit?.reloadable === true ? "yes" : "no",
    NRestarts: String(unit?.restarts ?? 0),
    FragmentPath: `/etc/systemd/system/${name}.service`,
  };
  return Object.entries(lines)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
}

const ACTIVE = {
  running: ["active", "running"],
  stopped: ["inactive", "dead"],
  crashed: ["failed", "failed"],
  looping: ["activating", "auto-restart"],
} as const;

function run(units: Record<string, PaperUnit>, words: readonly string[], done: string[]): CommandResult {
  const verb = words.find((word) => !word.startsWith("-")) ?? "";
  const names = verb === "daemon-reload" ? [] : namesIn(words);
  done.push([verb, ...names].join(" "));
  if (verb === "daemon-reload") for (const unit of Object.values(units)) unit.unread = false;
  const failed = names.filter((name) => !act(verb, units[name]));
  return failed.length === 0 ? told(0) : told(1, "", `Job for ${failed.join(", ")} failed.\n`);
}

function act(verb: string, unit: PaperUnit | undefined): boolean {
  if (unit === undefined || unit.unread === true) return false;
  if (verb === "enable" || verb === "disable") unit.enabled = verb === "enable";
  if (verb === "mask" || verb === "unmask") unit.masked = verb === "mask";
  if (verb === "stop" || (verb === "reset-failed" && unit.is === "crashed")) unit.is = "stopped";
  if (verb !== "start" && verb !== "restart") return verb !== "reload" || unit.reloadable === true;
  unit.is = unit.broken === true ? "crashed" : "running";
  unit.restarts = 0;
  return unit.broken !== true;
}
