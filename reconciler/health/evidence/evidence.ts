// This server as it is in; checks out that show whether it is still reached and still reaches others: its own evidence
// after a change that could cut it off.
import { isIP } from "node:net";
import type { Config } from "../../config/config.ts";
import type { MachineReader } from "../../machine/machine.ts";
import type { HealthCheck, Probe } from "../../model/health.ts";
import type { Change } from "../../model/plan.ts";
import { checkHealth } from "../check.ts";
import { destinationOf } from "../destination.ts";
import { neighbourServers } from "../proc/neighbours.ts";
import { defaultRoutes } from "../proc/routes.ts";
import { servicesInReach } from "./services.ts";

/** Across the weakest of links. */
const FAR_MS = 10_000;
const NEAR_MS = 3000;
/** Long enough for an address to be given back and a new one to be asked for. */
const AGAIN_MS = 5000;

type Candidate = Pick<HealthCheck, "name" | "probe" | "timeoutMs">;

/**
 * Each question is asked once here: only what is well can get worse, and nobody should wait afterwards for what was away
 * before. What the `changes` themselves take down is no evidence. Where the managed root is not this server's own, only
 * the remotes are.
 */
export async function gatherEvidence(
  machine: MachineReader,
  config: Pick<Config, "remotes" | "deadlines">,
  changes: readonly Change[],
  signal?: AbortSignal,
): Promise<readonly HealthCheck[]> {
  const candidates = remotesOf(config);
  if (machine.live) {
    candidates.push(...namesOf(config), ...(await gatewaysOf(machine)), ...(await neighboursOf(machine)));
    candidates.push(...(await servicesInReach(machine.files, changes)).map((found) => near(found.name, found.probe)));
  }
  const { confirmMs } = config.deadlines;
  const checks = candidates.map((candidate): HealthCheck => ({
    ...candidate,
    name: `evidence: ${candidate.name}`,
    timeoutMs: Math.min(candidate.timeoutMs, confirmMs),
    ...{ level: "required", graceMs: confirmMs },
    // What lies in a folder takes nothing away from this server, soon or late.
    ...(machine.live ? { againMs: AGAIN_MS } : {}),
  }));
  const findings = await checkHealth(checks, machine, "before", () => undefined, signal);
  return checks.filter((_, index) => findings[index]?.ok === true);
}

function near(name: string, probe: Probe): Candidate {
  return { name, probe, timeoutMs: NEAR_MS };
}

function far(name: string, probe: Probe): Candidate {
  return { name, probe, timeoutMs: FAR_MS };
}

function remotesOf({ remotes }: Pick<Config, "remotes">): Candidate[] {
  return remotes.map(({ name, url }) => far(`remote ${name}`, { type: "remote", url }));
}

function namesOf({ remotes }: Pick<Config, "remotes">): Candidate[] {
  const hosts = remotes.flatMap(({ url }) => {
    const destination = destinationOf(url);
    return destination === undefined || destination.type === "folder" ? [] : [destination.host];
  });
  const names = hosts.filter((host) => isIP(host) === 0);
  return [...new Set(names)].map((name) => far(`name ${name}`, { type: "name", name }));
}

/** One question for all ways of a family: a change may bring a new one. */
async function gatewaysOf({ files }: MachineReader): Promise<Candidate[]> {
  const routes = await defaultRoutes(files);
  return ([4, 6] as const).flatMap((family) => {
    const ways = routes.filter((route) => route.family === family).map(({ gateway, device }) => gateway ?? device);
    return ways.length === 0 ? [] : [near(`gateway ${ways.join(", ")}`, { type: "gateway", family })];
  });
}

async function neighboursOf({ files }: MachineReader): Promise<Candidate[]> {
  const servers = await neighbourServers(files);
  const named = servers.map(({ what, host, port }) => far(`${what} ${host}:${port}`, { type: "tcp", host, port }));
  return [...new Map(named.map((candidate) => [candidate.name, candidate])).values()];
}
