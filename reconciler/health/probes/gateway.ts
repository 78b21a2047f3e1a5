// Whether a default route is there, and whether somebody is at its other end.
import { isIPv4 } from "node:net";
import { defaultRoutes, isNeighbour, type DefaultRoute } from "../proc/routes.ts";
import { probeTcp } from "./tcp.ts";
import type { FileReader, MachineReader, Reached } from "../../machine/machine.ts";
import type { Probe } from "../../model/health.ts";

export interface GatewayLook extends Pick<MachineReader, "query"> {
  readonly files: Pick<FileReader, "read">;
}

/** Where routers tend to answer; a refusal is an answer as well. */
const PORTS = [53, 80];
/** The next machine on the cable is near. */
const NEAR_MS = 400;
const YES: Reached = { ok: true, detail: "" };

/** Any default route of the family will do: a new way out is as good as the old one. */
export async function probeGateway(
  { family }: Extract<Probe, { type: "gateway" }>,
  look: GatewayLook,
  signal: AbortSignal,
): Promise<Reached> {
  const routes = (await defaultRoutes(look.files)).filter((route) => route.family === family);
  if (routes.length === 0) return { ok: false, detail: "there is no default route" };
  const found = await Promise.all(routes.map((route) => answers(route, look, signal)));
  if (found.includes(true)) return YES;
  return {
    ok: false,
    detail: `nobody answers at ${routes.map(({ gateway }) => gateway ?? "its other end").join(" or ")}`,
  };
}

/** A line with one other end has nobody to ask. */
async function answers({ gateway, device }: DefaultRoute, look: GatewayLook, signal: AbortSignal): Promise<boolean> {
  if (gateway === undefined) return true;
  const host = gateway.startsWith("fe80:") ? `${gateway}%${device}` : gateway;
  if (await isAwake(host, signal)) return true;
  // It keeps silent to strangers; but to have been asked at all it had to be found on the cable.
  return isIPv4(gateway) ? isNeighbour(look.files, gateway, device) : isNeighbourOfSix(look, gateway, device);
}

async function isAwake(host: string, signal: AbortSignal): Promise<boolean> {
  const near = AbortSignal.any([signal, AbortSignal.timeout(NEAR_MS)]);
  const knocks = PORTS.map(async (port) => {
    const { ok, detail } = await probeTcp({ type: "tcp", host, port }, near);
    if (!ok && detail !== "connection refused") throw new Error(detail);
  });
  return Promise.any(knocks).then(
    () => true,
    () => false,
  );
}

/** The kernel has no table of these to read; without the program nobody can tell. */
async function isNeighbourOfSix({ query }: GatewayLook, gateway: string, device: string): Promise<boolean> {
  const argv = ["ip", "-6", "neigh", "show", "to", gateway, "dev", device];
  const { code, stdout } = await query(argv, { timeoutMs: 1000 });
  return code === 0 && /\blladdr [\da-f:]+ .*\b(?:REACHABLE|STALE|DELAY|PROBE)\b/u.test(stdout.toString("latin1"));
}
