// `mace apply`: configuration sources become the final configuration of this server.
import { existsSync } from "node:fs";
import { apply, type Applied } from "../apply/apply.ts";
import { runCommand } from "../apply/command.ts";
import { openDestination } from "../apply/destination.ts";
import { type Result, refuse, succeed } from "../../common/problem.ts";
import { make } from "../make.ts";
import { changeAsJson, departureAsJson, describeChange, describeDeparture } from "./plan.ts";
import { type Output, printJson, printNotices } from "./print.ts";
import type { Options, Settings } from "./settings.ts";

export interface ApplyFlags extends Options {
  /** False with `-R`. */
  readonly fallback: boolean;
}

export async function applyHere(settings: Settings, flags: ApplyFlags, output: Output): Promise<Result<void>> {
  // Nobody should rewrite /etc of the machine at hand because a word was left out.
  if (settings.dst === undefined) return refuse(NO_DESTINATION);
  const made = make(settings.input, settings.providers);
  if (!made.ok) return made;
  const destination = openDestination(settings.dst);
  if (!destination.ok) return destination;
  const applied = await apply(made.value, {
    destination: destination.value,
    family: settings.family,
    providers: settings.providers,
    run: runCommand,
    live: destination.value.root === "/" && existsSync("/run/systemd/system"),
    withoutFallback: !flags.fallback,
    now: new Date(),
  });
  if (!applied.ok) return applied;
  const notices = [...made.value.notices, ...applied.value.comparison.notices, ...applied.value.notices];
  if (flags.json === true) {
    printJson(output, "mace-apply", isWell(applied.value), asJson(settings, applied.value, notices));
    if (!isWell(applied.value)) process.exitCode = 1;
    return succeed(undefined);
  }
  printNotices(output, notices);
  output.out(describeApplied(applied.value));
  return isWell(applied.value) ? succeed(undefined) : refuse(...applied.value.problems);
}

const NO_DESTINATION = {
  code: "no-destination",
  what: "nobody said where the final files belong",
  hint: "write --dst / for this server, or set DST_ROOT in the environment file",
};

function isWell({ problems }: Applied): boolean {
  return problems.length === 0;
}

function asJson(settings: Settings, applied: Applied, notices: readonly object[]): object {
  return {
    destination: settings.dst,
    family: settings.family,
    fellBack: applied.fellBack,
    changes: [...applied.comparison.changes.map(changeAsJson), ...applied.comparison.departures.map(departureAsJson)],
    unchanged: applied.comparison.unchanged.map(({ path, service }) => ({ path, service, action: "unchanged" })),
    activated: applied.activated,
    notices,
    problems: applied.problems,
  };
}

function describeApplied({ comparison, activated, fellBack }: Applied): string {
  const { changes, departures, unchanged } = comparison;
  const lines = [...changes.map(describeChange), ...departures.map(describeDeparture)];
  const count = lines.length;
  if (activated.length > 0) lines.push(`activated ${activated.join(", ")}`);
  if (fellBack) lines.push("the old files are back");
  else if (count > 0) lines.push(`${count} changed, ${unchanged.length} unchanged`);
  else lines.push(`unchanged: ${unchanged.length === 1 ? "1 file" : `${unchanged.length} files`}`);
  return `${lines.join("\n")}\n`;
}
