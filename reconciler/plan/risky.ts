// Changes in; those that could cut this server off, and by what, out: they are kept only when it shows that they did not.
import type { Change } from "../model/plan.ts";
import { kindOf, nameOf, type ResourceId } from "../model/state.ts";
import { RISKS, type Risk, type Ways } from "./risks.ts";

export interface Risky {
  readonly change: Change;
  /** For a person: `firewall`. */
  readonly by: Risk | "marked by the fleet";
}

/** `marked` are the fleet's own words: paths, folders that end with "/", and `service:` or `package:` names. */
export function riskyOnes(changes: readonly Change[], marked: readonly string[]): readonly Risky[] {
  return changes.flatMap((change) => {
    // A folder in which something is to lie does nothing by itself.
    const by = change.implied === true ? undefined : riskOf(change.id, marked);
    return by === undefined ? [] : [{ change, by }];
  });
}

function riskOf(id: ResourceId, marked: readonly string[]): Risky["by"] | undefined {
  const known = (Object.keys(RISKS) as Risk[]).find((risk) => isAmong(id, RISKS[risk]));
  return known ?? (marked.some((word) => isMarked(id, word)) ? "marked by the fleet" : undefined);
}

function isAmong(id: ResourceId, { paths, services, packages }: Ways): boolean {
  const name = nameOf(id);
  switch (kindOf(id)) {
    case "service":
      return services.some((pattern) => fits(name, pattern));
    case "package":
      return packages.some((pattern) => fits(name, pattern));
    case "file":
    case "data": {
      const service = serviceOfFile(name);
      if (service !== undefined && services.some((pattern) => fits(service, pattern))) return true;
      return paths.some((pattern) => touches(id, pattern));
    }
    default:
      return false;
  }
}

function isMarked(id: ResourceId, word: string): boolean {
  if (!word.startsWith("/")) return word === id;
  return (kindOf(id) === "file" || kindOf(id) === "data") && touches(id, word);
}

/** Of data, everything below its path changes with it. */
function touches(id: ResourceId, pattern: string): boolean {
  const path = nameOf(id);
  if (pattern.endsWith("*")) return fits(path, pattern);
  const isThere = path === pattern || (pattern.endsWith("/") && `${path}/`.startsWith(pattern));
  return isThere || (kindOf(id) === "data" && pattern.startsWith(`${path}/`));
}

function fits(name: string, pattern: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

const UNIT = /^\/(?:etc|usr\/lib|lib)\/systemd\/system\/(.+?)\.(?:service|socket|timer|target)(?:\.d\/|$)/u;
const SETTINGS = /^\/etc\/(?:default|init\.d|conf\.d|sysconfig)\/([^/]+)$/u;

/** The service that a unit, a drop-in, a start script or its options belong to. */
function serviceOfFile(path: string): string | undefined {
  return (UNIT.exec(path) ?? SETTINGS.exec(path))?.[1];
}
