// A root in which services are to be looked after, while nobody does so.
import { expect, test } from "@jest/globals";
import type { Machine } from "../../../../reconciler/machine/machine.ts";
import { idOf } from "../../../../reconciler/model/state.ts";
import type { Target } from "../../../../reconciler/model/target.ts";
import { plan } from "../../../../reconciler/plan/plan.ts";
import { detectSupervisor } from "../../../../reconciler/resources/supervisors/detect.ts";
import { embeddedOffline } from "../../../../reconciler/resources/supervisors/embedded-offline.ts";
import type { ServiceAction } from "../../../../reconciler/resources/supervisors/supervisor.ts";
import { serviceKind } from "../../../../reconciler/resources/service/service.ts";
import { MemoryFiles } from "../../../support/memory-files.ts";
import { machineWithStore } from "../../../support/memory-manager.ts";

const FILE = "/etc/reconciler/services/lessons.yaml";

async function open({ defined = true } = {}): Promise<Machine> {
  const files = new MemoryFiles();
  for (const folder of ["/etc", "/etc/reconciler", "/etc/reconciler/services"])
    files.makeDirectory(folder, { mode: 0o755 });
  if (defined) await files.create(FILE, Buffer.from("run: [node, lessons.mjs]\n"), { mode: 0o644 });
  return { ...machineWithStore(new MemoryFiles(), files), live: false };
}

function act(machine: Machine, action: ServiceAction, ...names: readonly string[]) {
  return embeddedOffline.act(machine, action, names, { signal: new AbortController().signal, timeoutMs: 1000 });
}

async function look(machine: Machine, name = "lessons") {
  const looked = await embeddedOffline.look(machine, [name]);
  return looked.ok ? looked.value.get(name) : undefined;
}

test("such a root is known by its folder", async () => {
  expect(detectSupervisor(await open())).toBe(embeddedOffline);
  expect(detectSupervisor({ ...machineWithStore(), live: false })).toBeUndefined();
});

test("what is to start can be set, and nothing is started", async () => {
  const machine = await open();
  expect(await look(machine)).toMatchObject({ known: true, enabled: false, running: false, reads: [FILE] });
  for (const action of ["start", "enable", "restart"] as const)
    expect(await act(machine, action, "lessons")).toEqual([]);
  expect(await look(machine)).toMatchObject({ enabled: true, masked: false, running: false });
  expect(await act(machine, "disable", "lessons")).toEqual([]);
  expect(await act(machine, "mask", "lessons")).toEqual([]);
  expect(await look(machine)).toMatchObject({ enabled: false, masked: true, running: false });
});

test("a service without its file is not known, and a name that is none is refused", async () => {
  const machine = await open({ defined: false });
  expect(await look(machine)).toMatchObject({ known: false, reads: [FILE] });
  expect(await look(machine, "../lessons")).toMatchObject({ known: false, reads: [] });
  expect((await act(machine, "enable", "../lessons")).map(({ code }) => code)).toEqual(["service-name"]);
});

test("nobody promises that it will run", async () => {
  const machine = await open();
  const id = idOf("service", "lessons");
  const state = { type: "service", enabled: true, running: true, masked: false } as const;
  const target: Target = {
    key: "k",
    wanted: new Map([[id, { state, policy: "enforce" }]]),
    health: [],
    brake: { maxRemovals: 1, maxShare: 1 },
  };
  const { seen: observed } = await serviceKind.observe(machine, [id], target, new Map());
  const draft = plan({ target, observed, memory: new Map() });
  const completed = await serviceKind.complete?.(machine, { plan: draft.plan, target, observed, memory: new Map() });
  expect(completed?.changes.map(({ after }) => after)).toEqual([{ type: "service", enabled: true, masked: false }]);
});
