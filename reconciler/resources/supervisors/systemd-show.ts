// Blocks of `systemctl show` in; units as they are out.
import { unknownService } from "./answer.ts";
import type { SupervisedService } from "./supervisor.ts";
import { unitFiles } from "./systemd-paths.ts";

const PROPERTIES =
  "Id,LoadState,ActiveState,SubState,Result,UnitFileState,CanReload,NRestarts,FragmentPath,SourcePath,DropInPaths,EnvironmentFiles";

export function showCall(units: readonly string[]): readonly string[] {
  return ["systemctl", "--no-pager", "--no-ask-password", "show", `--property=${PROPERTIES}`, "--", ...units];
}

/** One block a unit, in the order in which they were asked for; undefined when it is anything else. */
export function readBlocks(output: string, units: readonly string[]): readonly Unit[] | undefined {
  const blocks = output.trim().split(/\n\n+/u);
  if (blocks.length !== units.length || !blocks.every((block) => /^Id=/mu.test(block))) return undefined;
  return blocks.map((block, index) => new Map([...pairs(block), ["asked", [units[index] ?? ""]]]));
}

/** A property may have several lines: EnvironmentFiles has one a file. */
type Unit = ReadonlyMap<string, readonly string[]>;

function pairs(block: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const line of block.split("\n")) {
    const equals = line.indexOf("=");
    const [key, value] = [line.slice(0, equals), line.slice(equals + 1)];
    if (equals > 0 && value !== "") found.set(key, [...(found.get(key) ?? []), value]);
  }
  return found;
}

/** Where an init script stands for the unit, `hasLinks` tells whether it starts with the machine. */
export function toService(unit: Unit, hasLinks: (script: string) => boolean): SupervisedService {
  const one = (key: string): string => unit.get(key)?.[0] ?? "";
  const [load, active, sub, file] = [one("LoadState"), one("ActiveState"), one("SubState"), one("UnitFileState")];
  const reads = readsOf(unit);
  if (load === "not-found" || load === "") return unknownService("not known here", reads);
  const waits = active === "activating" && sub.startsWith("auto-restart");
  const broken = load !== "loaded" && load !== "masked" && load !== "merged";
  const script = file === "generated" ? /^\/etc\/init\.d\/([^/]+)$/u.exec(one("SourcePath"))?.[1] : undefined;
  const restarts = one("NRestarts");
  return {
    known: true,
    enabled: script === undefined ? /^(?:enabled|enabled-runtime|alias)$/u.test(file) : hasLinks(script),
    running: RUNNING.has(active) && !waits,
    masked: load === "masked" || file.startsWith("masked"),
    failed: active === "failed" || waits || broken,
    ...(waits ? { looping: true as const } : {}),
    ...(/^\d{1,9}$/u.test(restarts) ? { restarts: Number(restarts) } : {}),
    detail: broken ? load : `${active} (${active === "failed" || waits ? one("Result") : sub})`,
    reloadable: one("CanReload") === "yes",
    ...(script === undefined && isFixed(file, one("FragmentPath")) ? { fixed: true as const } : {}),
    reads,
  };
}

/** What is still on its way up is waited for, not started once more. */
const RUNNING: ReadonlySet<string> = new Set(["active", "reloading", "refreshing", "activating"]);

/** A unit of the distribution that something else pulls in. One that somebody wrote here only lacks its [Install]. */
function isFixed(file: string, fragment: string): boolean {
  return ["static", "indirect", "generated", "transient"].includes(file) && !fragment.startsWith("/etc/");
}

function readsOf(unit: Unit): readonly string[] {
  const all = (key: string): readonly string[] => unit.get(key) ?? [];
  const told = [
    ...all("FragmentPath"),
    ...all("SourcePath"),
    ...all("DropInPaths").flatMap(words),
    ...all("EnvironmentFiles").map((line) => line.replace(/ \(ignore_errors=(?:yes|no)\)$/u, "")),
  ];
  const wellKnown = all("asked").flatMap(unitFiles);
  return [...new Set([...told, ...wellKnown])].filter((path) => path.startsWith("/"));
}

/** Separated by blanks; one that holds a blank stands in quotes. */
function words(line: string): readonly string[] {
  return Array.from(line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/gu), ([, quoted, plain]) => quoted ?? plain ?? "");
}
