// The embedded supervisor below a root where it does not run: what it is to start can be set, and nothing else.
import type { Machine, MachineReader } from "../../machine/machine.ts";
import { succeed, type Problem, type Result } from "../../../common/problem.ts";
import { unknownService, unusableName } from "./answer.ts";
import { afterMarking, readMarks, writeMarks, type Marks } from "./embedded-marks.ts";
import { definitionFile } from "./embedded-protocol.ts";
import { isThere } from "./init-scripts.ts";
import { isScriptName } from "./names.ts";
import type { ServiceAction, SupervisedService, Supervisor } from "./supervisor.ts";

export const embeddedOffline: Supervisor = {
  name: "embedded",
  offline: true,
  look,
  reread: () => Promise.resolve([]),
  act,
  lastWords: () => Promise.resolve(""),
};

async function look(
  machine: MachineReader,
  names: readonly string[],
): Promise<Result<ReadonlyMap<string, SupervisedService>>> {
  const marks = await readMarks(machine.store.files);
  return succeed(new Map(names.map((name) => [name, lookAt(machine, marks, name)])));
}

function lookAt({ files }: MachineReader, { enabled, masked }: Marks, name: string): SupervisedService {
  if (!isScriptName(name)) return unknownService();
  const reads = [definitionFile(name)];
  if (!isThere(files, definitionFile(name))) return unknownService("not known here", reads);
  const no = { running: false, failed: false, reloadable: false };
  return {
    ...no,
    known: true,
    enabled: enabled.has(name),
    masked: masked.has(name),
    detail: "`reconcile supervise` does not run",
    reads,
  };
}

async function act(machine: Machine, action: ServiceAction, names: readonly string[]): Promise<readonly Problem[]> {
  const unusable = names.filter((name) => !isScriptName(name));
  if (unusable.length > 0) return unusable.map(unusableName);
  const { files } = machine.store;
  const marks = await readMarks(files);
  const next = afterMarking(marks, action, names);
  if (next !== marks) await writeMarks(files, next);
  return [];
}
