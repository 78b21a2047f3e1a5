// All services of one machine: what each is now, and what is done with them, one thing at a time.
import { mkdirSync } from "node:fs";
import type { Machine } from "../machine/machine.ts";
import type { ServiceAction, SupervisedService } from "../resources/supervisors/supervisor.ts";
import type { Problem } from "../../common/problem.ts";
import { actOn, lookAt, refuseName, type Stage } from "./acting.ts";
import { openLog, type ServiceLog } from "./log.ts";
import { afterMarking, readMarks, writeMarks, type Marks } from "../resources/supervisors/embedded-marks.ts";
import { notedChildren, type Children } from "./orphans.ts";
import { createService, PAUSES, type Pauses, type Phase, type Service } from "./service.ts";

export interface Supervised {
  look(names: readonly string[]): Promise<Readonly<Record<string, SupervisedService>>>;
  act(action: ServiceAction, names: readonly string[]): Promise<readonly Problem[]>;
  lastWords(name: string): string;
  /** Stops them all. */
  close(): Promise<void>;
}

export interface SupervisedOptions {
  readonly onPhase: (name: string, phase: Phase) => void;
  readonly pauses?: Pauses;
}

/** Ends what an earlier supervisor left behind, and starts what is enabled; `troubled` hears of what does not start. */
export async function openSupervised(
  machine: Machine,
  options: SupervisedOptions,
  troubled: (problems: readonly Problem[]) => void,
): Promise<Supervised> {
  const [logs, pids] = [machine.store.hostPath("/supervise/logs"), machine.store.hostPath("/supervise/pids")];
  for (const folder of [logs, pids]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const children = notedChildren(pids);
  await children.endAll();
  const table = createTable(machine, logs, children, options);
  let marks = await readMarks(machine.store.files);
  const stage = (): Stage => ({ machine, marks, serviceOf: table.serviceOf, known: table.known });

  const mark = async (action: ServiceAction, names: readonly string[]): Promise<void> => {
    const next: Marks = afterMarking(marks, action, names);
    if (next !== marks) await writeMarks(machine.store.files, next);
    marks = next;
  };
  const actOnAll = async (action: ServiceAction, names: readonly string[]): Promise<readonly Problem[]> => {
    const refused = names.flatMap((name) => refuseName(stage(), action, name));
    if (refused.length > 0) return refused;
    await mark(action, names);
    return (await Promise.all(names.map((name) => actOn(stage(), action, name)))).flat();
  };
  let last: Promise<unknown> = Promise.resolve();
  const act = (action: ServiceAction, names: readonly string[]): Promise<readonly Problem[]> => {
    const acted = last.then(() => actOnAll(action, [...new Set(names)]));
    last = acted.catch(() => undefined);
    return acted;
  };

  const first = [...marks.enabled].filter((name) => !marks.masked.has(name));
  troubled((await Promise.all(first.map((name) => act("start", [name])))).flat());
  return {
    look: async (names) =>
      Object.fromEntries(await Promise.all(names.map(async (name) => [name, await lookAt(stage(), name)] as const))),
    act,
    lastWords: (name) => table.lastWords(name),
    async close() {
      await act("stop", table.names());
      table.close();
    },
  };
}

interface Table {
  readonly serviceOf: (name: string) => Service;
  readonly known: (name: string) => Service | undefined;
  readonly names: () => readonly string[];
  readonly lastWords: (name: string) => string;
  readonly close: () => void;
}

/** Every service that was ever started, with its log. */
function createTable(machine: Machine, logs: string, children: Children, options: SupervisedOptions): Table {
  const entries = new Map<string, { readonly service: Service; readonly log: ServiceLog }>();
  const onPhase = (name: string, phase: Phase): void => {
    if (phase.type === "running") children.note(name, phase.pid);
    else children.forget(name);
    options.onPhase(name, phase);
  };
  const make = (name: string): Service => {
    const log = openLog(logs, name);
    const [cwd, pauses] = [machine.hostPath("/"), options.pauses ?? PAUSES];
    const service = createService({ cwd, log, pauses, onPhase: (phase) => onPhase(name, phase) });
    entries.set(name, { service, log });
    return service;
  };
  return {
    serviceOf: (name) => entries.get(name)?.service ?? make(name),
    known: (name) => entries.get(name)?.service,
    names: () => [...entries.keys()],
    lastWords: (name) => entries.get(name)?.log.lastWords() ?? "",
    close: () => entries.forEach(({ log }) => log.close()),
  };
}
