// Why content was refused, remembered: what is wrong with it now is wrong in half an hour, and its way here is dear.
import type { Machine } from "../../machine/machine.ts";
import { momentNow, passedMs } from "../../model/moment.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Request } from "./request.ts";
import { loadItem, saveItem } from "./item.ts";
import { sourceOf } from "./source.ts";

const LASTING: readonly string[] = ["data-digest", "data-too-large", "data-archive", "data-refused-content"];
/** After that it is tried again: somebody may have put the file on the server right. */
const TRIED_AGAIN_MS = 6 * 3_600_000;

export async function lastingFault(machine: Machine, { path, supply }: Request): Promise<Problem | undefined> {
  const { fault } = await loadItem(machine.store, path, sourceOf(supply));
  if (fault === undefined || fault.of !== digestOf(supply)) return undefined;
  return (passedMs(machine.clock, fault.since) ?? Infinity) < TRIED_AGAIN_MS ? fault.problem : undefined;
}

export async function noteFault(
  machine: Machine,
  { path, supply }: Request,
  problems: readonly Problem[],
): Promise<void> {
  const [of, problem] = [digestOf(supply), problems.find(({ code }) => LASTING.includes(code))];
  if (of === undefined || problem === undefined) return;
  const item = await loadItem(machine.store, path, sourceOf(supply));
  await saveItem(machine.store.files, path, { ...item, fault: { of, problem, since: momentNow(machine.clock) } });
}

/** What comes by rsync has no name of its own, and only what differs of it is moved. */
function digestOf({ source }: Request["supply"]): string | undefined {
  return source.type === "http" ? source.digest : undefined;
}
