// Staged files in; what the services' own checkers have against them out, before anything visible has changed.
import { checkerCall, refusalOf, type Checker } from "../../../common/checker.ts";
import type { Problem } from "../../../common/problem.ts";
import { printable, printableLines } from "../../../common/printable.ts";
import type { CommandResult, Machine } from "../../machine/machine.ts";
import { nameOf } from "../../model/state.ts";
import type { Check } from "../../model/target.ts";
import type { Step } from "../kind.ts";
import { mainName } from "./names.ts";

const TIMEOUT_MS = 60_000;
const LONGEST_OUTPUT = 2000;

export async function checkStaged(machine: Machine, steps: readonly Step[]): Promise<readonly Problem[]> {
  const copies = new Map(
    steps.flatMap(({ change, staged }) => (staged === undefined ? [] : [[nameOf(change.id), staged] as const])),
  );
  const problems: Problem[] = [];
  for (const step of steps) {
    const { check, after } = step.change;
    if (check === undefined || after.type !== "regular" || step.staged === undefined) continue;
    if (!mayJudge(machine, check)) continue;
    const refusal = await ask(machine, check, step.staged, step, copies);
    if (refusal !== undefined) problems.push(refusal);
  }
  return problems;
}

/** Elsewhere than on the server itself a service's checker judges by the wrong users, keys and folders. */
function mayJudge({ files, live, privileged }: Machine, { byFleet, needs = [] }: Check): boolean {
  if (byFleet === true) return true;
  return live && privileged && needs.every((path) => files.stat(path) !== undefined);
}

async function ask(
  machine: Machine,
  checker: Checker,
  staged: string,
  { change }: Step,
  copies: ReadonlyMap<string, string>,
): Promise<Problem | undefined> {
  const path = nameOf(change.id);
  const main = mainName(staged, path);
  const at = machine.hostPath(staged);
  const call = checkerCall(checker, at, machine.hostPath(main), (other) =>
    machine.hostPath(copies.get(other) ?? other),
  );
  if (call === undefined) return undefined;
  if (call.main !== undefined) await machine.files.create(main, Buffer.from(call.main), { mode: 0o600 });
  try {
    const result = await machine.query(call.argv, { timeoutMs: TIMEOUT_MS });
    // A service that is not installed yet cannot judge; it has nothing to break either.
    if (result.ended === "not-found") return undefined;
    const refusal = result.ended ?? refusalOf(checker, { code: result.code, output: outputOf(result) });
    return refusal === undefined ? undefined : refused(path, call.argv, refusal, outputOf(result).replaceAll(at, path));
  } finally {
    if (call.main !== undefined) machine.files.unlink(main);
  }
}

function outputOf({ stderr, stdout }: CommandResult): string {
  // sshd ends its lines as terminals want them.
  return `${stderr}\n${stdout.toString()}`.replaceAll("\r\n", "\n").trim();
}

function refused(path: string, argv: readonly string[], refusal: string, output: string): Problem {
  return {
    code: "check-refused",
    where: { file: path },
    what: `${argv[0] ?? ""} refuses the new content (${printable(refusal)}): ${printableLines(output).slice(0, LONGEST_OUTPUT)}`,
    hint: "nothing was changed; put the source right and commit again",
  };
}
