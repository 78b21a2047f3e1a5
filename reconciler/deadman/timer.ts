// What starts the program in, transient timers of systemd out. They belong to systemd, and outlive our service.
import type { CommandResult, Machine } from "../machine/machine.ts";
import { printable } from "../../common/printable.ts";
import type { Problem } from "../../common/problem.ts";

const UNIT = "reconciler-deadman";
const TIMEOUT = { timeoutMs: 20_000 };

interface Timers {
  arm(run: string, inMs: number): Promise<readonly Problem[]>;
  disarm(): Promise<void>;
}

/** Each timer has a name of its own, so that the one before goes only when the next is there. */
export function openTimers(machine: Machine, recover: (run: string) => readonly string[]): Timers {
  let count = 0;
  let armed: string | undefined;
  return {
    async arm(run, inMs) {
      const unit = `${UNIT}-${run}-${++count}`;
      const told = await machine.run([...timer(unit, inMs), ...recover(run).map(toTheLetter)], TIMEOUT);
      if (told.code !== 0) return [notArmed(told)];
      if (armed !== undefined) await stop(machine, armed);
      armed = unit;
      return [];
    },
    /** Whichever process armed it: there is one run at a time. */
    async disarm() {
      await stop(machine, `${UNIT}-*`);
      armed = undefined;
    },
  };
}

function timer(unit: string, inMs: number): readonly string[] {
  return [
    ...["systemd-run", "--quiet", "--collect", "--no-ask-password", `--unit=${unit}`],
    ...[`--on-active=${Math.ceil(inMs / 1000)}s`, "--timer-property=AccuracySec=1s", "--property=UMask=0077"],
    ...["--description=Takes back a run of the reconciler that does not end", "--"],
  ];
}

/** The service that a timer has started goes on: it may be us. */
async function stop(machine: Machine, unit: string): Promise<void> {
  await machine.run(["systemctl", "--no-ask-password", "--quiet", "stop", "--", `${unit}.timer`], TIMEOUT);
}

/** systemd puts variables in. */
function toTheLetter(word: string): string {
  return word.replaceAll("$", "$$$$");
}

function notArmed({ code, ended, stderr }: CommandResult): Problem {
  const [line = ""] = stderr.split("\n").filter((text) => text !== "");
  return {
    code: "deadman-not-armed",
    what: `no timer watches over this run: systemd-run ${ended ?? `ended with ${code}`}${line === "" ? "" : `: ${printable(line).slice(0, 300)}`}`,
    hint: "look whether systemd itself is well: systemctl status; systemctl is-system-running",
  };
}
