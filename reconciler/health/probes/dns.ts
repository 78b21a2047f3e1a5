// Whether a name server knows an address (A or AAAA) for a name.
import { Resolver } from "node:dns/promises";
import { firstErrorWords } from "../words.ts";
import type { Probe } from "../../model/health.ts";
import type { Reached } from "../../machine/machine.ts";

/** Asks `server` (an IP address, or `address:port`); without one, the servers that this system is set to use. */
export async function probeDns(probe: Extract<Probe, { type: "dns" }>, signal: AbortSignal): Promise<Reached> {
  const resolver = new Resolver();
  const cancel = () => resolver.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    if (probe.server !== undefined) resolver.setServers([probe.server]);
    await Promise.any([resolver.resolve4(probe.name), resolver.resolve6(probe.name)]);
    return { ok: true, detail: "" };
  } catch (error) {
    return { ok: false, detail: firstErrorWords(error) };
  } finally {
    signal.removeEventListener("abort", cancel);
    resolver.cancel();
  }
}
