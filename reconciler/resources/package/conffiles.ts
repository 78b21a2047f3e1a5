// Packages of ours in; the configuration files that their maintainers would have written otherwise out, told as hints.
import type { MachineReader } from "../../machine/machine.ts";
import { kindOf, nameOf } from "../../model/state.ts";
import { printable } from "../../../common/printable.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Draft } from "../kind.ts";
import type { ConffileHint, PackageManager } from "../managers/manager.ts";

export async function conffileNotices(
  manager: PackageManager,
  machine: MachineReader,
  { target, memory }: Draft,
): Promise<readonly Problem[]> {
  const ids = new Set([...target.wanted.keys(), ...memory.keys()].filter((id) => kindOf(id) === "package"));
  if (ids.size === 0) return [];
  return (await manager.conffileHints(machine, [...ids].map(nameOf))).map(notice);
}

function notice({ package: name, path, other }: ConffileHint): Problem {
  return {
    code: "conffile-differs",
    where: { file: path },
    what: `stays as it is; the maintainer of ${printable(name)} would write it otherwise: ${printable(other)}`,
    hint: `take over what is new in ${printable(other)}, then remove that file`,
  };
}
