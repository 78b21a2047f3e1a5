// Deeds in, done one set after the other; the first that does not work ends it, and says which service it was.
import type { Machine } from "../../machine/machine.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Supervisor, SupervisorOptions } from "../supervisors/supervisor.ts";
import type { Deed } from "./deeds.ts";
import { failed, outOfTime } from "./told.ts";

/** A service may take its time to stop and to start: systemd itself gives it 90 seconds each. */
const ACTION_MS = 200_000;

export function optionsFor(signal: AbortSignal = new AbortController().signal): SupervisorOptions {
  return { signal, timeoutMs: ACTION_MS };
}

export async function doAll(
  machine: Machine,
  supervisor: Supervisor,
  deeds: readonly Deed[],
  options: SupervisorOptions,
): Promise<readonly Problem[]> {
  for (const { action, names } of deeds) {
    if (options.signal.aborted) return [outOfTime()];
    const problems = await supervisor.act(machine, action, names, options);
    if (problems.length > 0) return [...(await culprits(machine, supervisor, names)), ...problems];
  }
  return [];
}

/** A supervisor answers for a whole set: who of it failed, and what it said. */
async function culprits(
  machine: Machine,
  supervisor: Supervisor,
  names: readonly string[],
): Promise<readonly Problem[]> {
  const looked = await supervisor.look(machine, names);
  if (!looked.ok) return [];
  const bad = [...looked.value].filter(([, service]) => service.failed);
  return Promise.all(
    bad.map(async ([name, service]) => failed(name, "has failed", service, await supervisor.lastWords(machine, name))),
  );
}
