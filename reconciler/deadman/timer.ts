// Words of a program and a time in, a transient timer of systemd out. It belongs to systemd, and outlives our service.
import type { CommandResult, Machine } from "../machine/machine.ts";
import { printable } from "../../common/printable.ts";
import type { Problem } from "../../common/problem.ts";

const UNIT = "reconciler-deadman";
const TIMEOUT_MS = 20_000;

export async function armTimer(machine: Machine, inMs: number, argv: readonly string[]): Promise<readonly Problem[]> {
  const words = [
    ...["systemd-run", "--quiet", "--collect", `--unit=${UNIT}`, `--on-active=${Math.ceil(inMs / 1000)}s`],
    ...["--timer-property=AccuracySec=1s", "--description=Takes back a run of the reconciler that does not end"],
    "--",
  ];
  const arm = (): Promise<CommandResult> => machine.run([...words, ...argv], { timeoutMs: TIMEOUT_MS });
  const first = await arm();
  if (first.code === 0) return [];
  // One of an earlier run, or of an earlier moment of this one, is still there.
  await disarmTimer(machine);
  const second = await arm();
  return second.code === 0 ? [] : [notArmed(second)];
}

export async function disarmTimer(machine: Machine): Promise<void> {
  await machine.run(["systemctl", "stop", `${UNIT}.timer`], { timeoutMs: TIMEOUT_MS });
}

function notArmed({ code, ended, stderr }: CommandResult): Problem {
  const [line = ""] = stderr.split("\n").filter((text) => text !== "");
  return {
    code: "deadman-not-armed",
    what: `no timer watches over this run: systemd-run ${ended ?? `ended with ${code}`}${line === "" ? "" : `: ${printable(line).slice(0, 300)}`}`,
    hint: "look whether systemd itself is well: systemctl status; systemctl is-system-running",
  };
}
