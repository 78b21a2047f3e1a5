// Whether this server still listens where it did, for others and not only for itself.
import { networkInterfaces } from "node:os";
import { listeningSockets, type Listening } from "../proc/sockets.ts";
import { ownersOf, type ProcessReader } from "../proc/owners.ts";
import { probeTcp } from "./tcp.ts";
import type { Probe } from "../../model/health.ts";
import type { Reached } from "../../machine/machine.ts";

type ListensProbe = Extract<Probe, { type: "listens" }>;

const YES: Reached = { ok: true, detail: "" };

/** `own` are the addresses of this server at which others reach it. */
export async function probeListens(
  probe: ListensProbe,
  files: ProcessReader,
  signal: AbortSignal,
  own: readonly string[] = ownAddresses(),
): Promise<Reached> {
  const all = await listeningSockets(files);
  const here = all.filter(({ protocol, port }) => protocol === probe.protocol && port === probe.port);
  if (here.length === 0) {
    // Whoever gives sshd another port means it.
    return (await hasMoved(probe, files, all)) ? YES : { ok: false, detail: "nothing listens there any more" };
  }
  return probe.protocol === "udp" ? YES : connects(here, own, signal);
}

/** Services that listen for all are asked at each address, because no one of them has to be in use. */
async function connects(here: readonly Listening[], own: readonly string[], signal: AbortSignal): Promise<Reached> {
  const hosts = new Set(here.flatMap(({ address }) => (address === "0.0.0.0" || address === "::" ? own : [address])));
  if (hosts.size === 0) return { ok: false, detail: "this server has no address at which others could reach it" };
  const port = here[0]?.port ?? 0;
  const tried = await Promise.all([...hosts].map((host) => probeTcp({ type: "tcp", host, port }, signal)));
  return tried.find(({ ok }) => ok) ?? tried[0] ?? YES;
}

async function hasMoved({ service }: ListensProbe, files: ProcessReader, all: readonly Listening[]): Promise<boolean> {
  if (service === undefined) return false;
  const owners = await ownersOf(files, new Set(all.map(({ inode }) => inode)));
  return [...owners.values()].some((owner) => owner.service === service);
}

function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith("fe80:"))
    .map(({ address }) => address);
}
