// What apt-get would upgrade in, the newer versions and whether they mend a hole out.
import { refuse, succeed, type Result } from "../../../../common/problem.ts";
import type { MachineReader } from "../../../machine/machine.ts";
import type { Upgrade } from "../manager.ts";
import { aptGet, look } from "./call.ts";
import { complaints } from "./complaints.ts";
import { parsePlanned } from "./planned.ts";

/** Debian's label, and how Debian and Ubuntu name the suite: `Debian-Security:12/stable-security`. */
const SECURITY = /^[^:]*-Security:|-security$/iu;

export async function upgrades(machine: MachineReader): Promise<Result<readonly Upgrade[]>> {
  const answer = await look(machine, aptGet(machine, "--simulate", "dist-upgrade"));
  if (answer.code !== 0) return refuse(...complaints(answer, "apt-get dist-upgrade"));
  return succeed(parseUpgrades(answer.stdout.toString()));
}

export function parseUpgrades(text: string): readonly Upgrade[] {
  return parsePlanned(text).flatMap(({ name, from, to, origins }) => {
    if (from === undefined || to === undefined) return [];
    return [{ name, from, to, security: origins.some((origin) => SECURITY.test(origin)) }];
  });
}
