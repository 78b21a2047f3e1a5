// What a supervisor's program answered in; whether it did as it was told, and otherwise a Problem, out.
import type { CommandResult } from "../../machine/machine.ts";
import { printable, printableLines } from "../../../common/printable.ts";
import type { Problem } from "../../../common/problem.ts";
import type { SupervisedService } from "./supervisor.ts";

const LONGEST_OUTPUT = 1000;
/** How long a look may take. */
export const LOOK_MS = 30_000;

/** Nothing of that name is known. */
export function unknownService(detail = "not known here", reads: readonly string[] = []): SupervisedService {
  const no = { known: false, enabled: false, running: false, masked: false, failed: false, reloadable: false };
  return { ...no, detail, reads };
}

/** Nothing when the program did what it was asked for. */
export function refusal(argv: readonly string[], result: CommandResult, hint: string): readonly Problem[] {
  if (result.code === 0) return [];
  return [{ code: "supervisor-refused", what: `\`${argv.join(" ")}\` ${ending(result)}${saying(result)}`, hint }];
}

function ending({ code, ended }: CommandResult): string {
  if (ended === "not-found") return "cannot be run: there is no such program";
  if (ended === "timeout") return "took too long and was ended";
  return `failed (${printable(ended ?? String(code))})`;
}

function saying({ stderr, stdout, ended }: CommandResult): string {
  const words = ended === "not-found" ? "" : `${stderr}\n${stdout.toString()}`.trim();
  return words === "" ? "" : `: ${printableLines(words).slice(0, LONGEST_OUTPUT)}`;
}

/** A name that does not reach any program. */
export function unusableName(name: string): Problem {
  return {
    code: "service-name",
    what: `"${printable(name)}" is not a name that a service can have here`,
    hint: "write the name as the supervisor of services has it: letters, digits and . _ - + @ :",
  };
}

/** For an action that this supervisor has no word for. */
export function impossible(action: string, names: readonly string[], supervisor: string): Problem {
  return {
    code: "supervisor-cannot",
    what: `${supervisor} cannot ${action} a service: ${names.map(printable).join(", ")}`,
    hint: "leave `masked` out on servers of this kind; `enabled: false` keeps a service from starting with the machine",
  };
}
