// Whether the system's own resolver knows a name: with /etc/hosts, nsswitch.conf and all that programs go by.
import { lookup } from "node:dns/promises";
import { firstErrorWords } from "../words.ts";
import type { Probe } from "../../model/health.ts";
import type { Reached } from "../../machine/machine.ts";

/** A question to the resolver cannot be taken back, so there is only one at a time for each name. */
const UNDERWAY = new Map<string, Promise<Reached>>();

export function probeName({ name }: Extract<Probe, { type: "name" }>): Promise<Reached> {
  const underway = UNDERWAY.get(name) ?? ask(name).finally(() => UNDERWAY.delete(name));
  UNDERWAY.set(name, underway);
  return underway;
}

async function ask(name: string): Promise<Reached> {
  try {
    await lookup(name);
    return { ok: true, detail: "" };
  } catch (error) {
    return { ok: false, detail: firstErrorWords(error) };
  }
}
