// Services as a kind, on a machine whose systemd exists on paper: observed, completed, performed, walked back.
import { expect, test } from "@jest/globals";
import { ABSENT } from "../../../../reconciler/model/absent.ts";
import type { Change } from "../../../../reconciler/model/plan.ts";
import type { Service } from "../../../../reconciler/model/service-state.ts";
import { idOf, type ResourceId, type State } from "../../../../reconciler/model/state.ts";
import type { Running, Target, Wanted } from "../../../../reconciler/model/target.ts";
import type { Machine } from "../../../../reconciler/machine/machine.ts";
import { plan } from "../../../../reconciler/plan/plan.ts";
import type { Step } from "../../../../reconciler/resources/kind.ts";
import { serviceKind } from "../../../../reconciler/resources/service/service.ts";
import { paperSystemd, type PaperUnit } from "../../../support/paper-systemd.ts";

const RUNNING: Running = { reads: ["/etc/squid/"], packages: ["squid"], renew: "reload", settleMs: 0 };
const CONF = file("/etc/squid/squid.conf");
const UNIT = file("/etc/systemd/system/squid.service");
const PACKAGE: Change = {
  id: "package:squid",
  before: { type: "installed", version: "5" },
  after: { type: "installed", version: "6" },
  why: "updated",
  standing: "pending",
};

interface Story {
  readonly unit?: PaperUnit;
  readonly wanted: Partial<Service>;
  readonly running?: Partial<Running>;
  readonly others?: readonly Change[];
  readonly more?: Partial<Wanted>;
}

/** What the fleet wants of squid, and what else a plan does; what becomes of squid out. */
async function complete({ unit, wanted, running = {}, others = [], more = {} }: Story) {
  const { machine } = paperSystemd(unit === undefined ? {} : { squid: unit });
  const target = targetOf(wanted, running, more);
  const looked = await serviceKind.observe(machine, ["service:squid"], target, new Map());
  const compared = plan({ target, observed: looked.seen, memory: new Map() }).plan;
  const draft = { ...compared, changes: [...others, ...compared.changes] };
  const completed = await serviceKind.complete?.(machine, {
    plan: draft,
    target,
    observed: looked.seen,
    memory: new Map(),
  });
  return {
    changes: completed?.changes ?? [],
    troubles: (completed?.troubles ?? []).map(({ problem }) => problem.code),
  };
}

const UP: PaperUnit = { is: "running", enabled: true, reloadable: true };

test.each<[string, Story, Partial<Change> | undefined]>([
  ["nothing changes: nothing happens", { unit: UP, wanted: { running: true } }, undefined],
  ["a file that it reads: reloaded", { unit: UP, wanted: { running: true }, others: [CONF] }, { renew: "reload" }],
  [
    "a file that it reads, and it cannot reload: restarted",
    { unit: { ...UP, reloadable: false }, wanted: {}, others: [CONF] },
    { renew: "restart" },
  ],
  ["its unit: restarted", { unit: UP, wanted: { running: true }, others: [UNIT] }, { renew: "restart" }],
  ["its package: restarted", { unit: UP, wanted: { running: true }, others: [PACKAGE] }, { renew: "restart" }],
  [
    "a file that it does not read: left alone",
    { unit: UP, wanted: { running: true }, others: [file("/etc/motd")] },
    undefined,
  ],
  [
    "renewed by somebody else: left alone",
    { unit: UP, wanted: {}, running: { renew: "none" }, others: [CONF] },
    undefined,
  ],
  ["it does not run: left alone", { unit: { is: "stopped" }, wanted: {}, others: [CONF] }, undefined],
  [
    "it does not run, and its unit changes: systemd has to know",
    { unit: { is: "stopped" }, wanted: {}, others: [UNIT] },
    { because: [UNIT.id] },
  ],
  [
    "it is to stop: not renewed first",
    { unit: UP, wanted: { running: false }, others: [CONF] },
    { after: { type: "service", running: false }, because: [CONF.id] },
  ],
  [
    "it is to be enabled, and a file changes: one change",
    { unit: { ...UP, enabled: false }, wanted: { enabled: true }, others: [CONF] },
    { renew: "reload", after: { type: "service", enabled: true } },
  ],
  [
    "somebody stopped it, and that is only reported: left alone",
    { unit: { is: "stopped" }, wanted: { running: true }, others: [CONF], more: { policy: "report" } },
    undefined,
  ],
])("%s", async (_title, story, expected) => {
  const { changes, troubles } = await complete(story);
  expect(troubles).toEqual([]);
  expect(changes).toHaveLength(expected === undefined ? 0 : 1);
  if (expected !== undefined) expect(changes[0]).toMatchObject(expected);
  if (expected?.renew === undefined) expect(changes[0]?.renew).toBeUndefined();
});

test("what renews it is named", async () => {
  const { changes } = await complete({ unit: UP, wanted: {}, others: [file("/etc/motd"), CONF, PACKAGE] });
  expect(changes[0]?.because).toEqual([CONF.id, PACKAGE.id]);
});

test.each<[string, Story, readonly string[]]>([
  ["nothing brings it", { wanted: { running: true } }, ["service-unknown"]],
  [
    "another package comes",
    { wanted: { running: true }, others: [{ ...PACKAGE, id: "package:nginx" }] },
    ["service-unknown"],
  ],
  ["its package brings it", { wanted: { running: true }, others: [{ ...PACKAGE, before: ABSENT }] }, []],
  ["its unit file brings it", { wanted: { running: true }, others: [UNIT] }, []],
  [
    "what it needs brings it",
    {
      wanted: {},
      running: { packages: [] },
      others: [{ ...PACKAGE, before: ABSENT }],
      more: { needs: ["package:squid"] },
    },
    [],
  ],
  ["nobody asks for it", { wanted: {}, more: { implied: true } }, []],
  ["it is masked", { unit: { masked: true }, wanted: { running: true } }, ["service-masked"]],
  ["it is masked, and shall not be", { unit: { masked: true }, wanted: { running: true, masked: false } }, []],
])("a service that is not there: %s", async (_title, story, codes) => {
  expect((await complete(story)).troubles).toEqual(codes);
});

test("a unit of the distribution that nobody can enable is as it is wanted", async () => {
  const { machine } = paperSystemd({ squid: { is: "running", static: true } });
  const looked = await serviceKind.observe(machine, ["service:squid"], targetOf({ enabled: true }), new Map());
  // On paper it lies in /etc, where somebody forgot an [Install] section: that is told when it is enabled.
  expect(looked.seen.get("service:squid")?.state).toMatchObject({ enabled: false, running: true });
});

test("one that crashes and is started again runs for whoever wants it stopped, and not for whoever wants it", async () => {
  const { machine } = paperSystemd({ squid: { is: "looping" } });
  const seen = async (running: boolean) =>
    (await serviceKind.observe(machine, ["service:squid"], targetOf({ running }), new Map())).seen.get("service:squid");
  expect((await seen(false))?.state).toMatchObject({ running: true });
  expect((await seen(true))?.state).toMatchObject({ running: false });
});

test("where nobody looks after services, what is asked for is told, and the rest goes on", async () => {
  const { machine } = paperSystemd({});
  const nowhere = { ...machine, live: false } as Machine;
  const target = targetOf({ running: true });
  const looked = await serviceKind.observe(nowhere, ["service:squid"], target, new Map());
  expect(looked.problems).toEqual([]);
  expect(looked.troubles?.map(({ problem }) => problem.code)).toEqual(["no-supervisor"]);
  const implied = await serviceKind.observe(nowhere, ["service:squid"], targetOf({}, {}, { implied: true }), new Map());
  expect(implied.troubles).toEqual([]);
});

test("every service of a batch is acted on in one set for each action, once", async () => {
  const paper = paperSystemd({
    a: { is: "stopped" },
    b: { is: "stopped" },
    c: { is: "running", reloadable: true },
    d: { is: "running" },
    e: { is: "running", enabled: true },
    f: { is: "crashed", masked: true },
  });
  const up = { type: "service", enabled: true, running: true } as const;
  const problems = await perform(paper.machine, [
    step("a", off(), up, { because: ["file:/etc/systemd/system/a.service"], renew: "restart" }),
    step("b", off(), { type: "service", running: true }),
    step("c", on(), { type: "service" }, { renew: "reload" }),
    step("d", on(), { type: "service" }, { renew: "restart" }),
    step("e", on(), ABSENT),
    step("f", off(), { type: "service", running: true, masked: false }),
  ]);
  expect(problems).toEqual([]);
  expect(paper.done).toEqual([
    "daemon-reload",
    "unmask f",
    "stop e",
    "disable e",
    "enable a",
    "reset-failed f",
    "start a b",
    "reload c",
    "restart d f",
  ]);
});

test("a second time nothing is left to do but what has to be renewed", async () => {
  const paper = paperSystemd({ a: { is: "running", enabled: true } });
  const steps = [step("a", off(), { type: "service", enabled: true, running: true })];
  expect(await perform(paper.machine, steps)).toEqual([]);
  expect(paper.done).toEqual([]);
});

test("one that cannot start is named, with what it said", async () => {
  const paper = paperSystemd({ a: { is: "stopped", broken: true }, b: { is: "stopped" } });
  const up = { type: "service", running: true } as const;
  const problems = await perform(paper.machine, [step("a", off(), up), step("b", off(), up)]);
  expect(problems[0]).toMatchObject({ code: "service-failed", what: expect.stringContaining("service a has failed") });
  expect(problems[0]?.what).toContain("napper: no bed");
  expect(problems).toHaveLength(2);
});

test("one that crashes while it is watched is a problem", async () => {
  const paper = paperSystemd({ a: { is: "running", crashesAfterLooks: 2 } });
  const steps = [step("a", on(), { type: "service" }, { renew: "restart", settleMs: 3_600_000 })];
  expect((await perform(paper.machine, steps)).map(({ code }) => code)).toEqual(["service-failed"]);
});

test("one that its supervisor started again by itself is a problem, though it runs", async () => {
  const paper = paperSystemd({ a: { is: "running", reloadable: true, restarts: 3 } });
  const { machine } = paper;
  const steps = [step("a", on(), { type: "service" }, { renew: "reload", settleMs: 0 })];
  expect(await perform(machine, steps)).toEqual([]);
  const run: Machine["run"] = async (argv, options) => {
    const result = await machine.run(argv, options);
    if (argv.includes("reload")) paper.units["a"] = { is: "running", reloadable: true, restarts: 4 };
    return result;
  };
  const problems = await perform({ ...machine, run }, steps);
  expect(problems[0]?.what).toContain("crashed and was started again");
});

test("one that stays as it was, although systemd did as it was told, is a problem", async () => {
  const { machine } = paperSystemd({ a: { is: "running" } });
  const run: Machine["run"] = async () => ({ code: 0, stdout: Buffer.alloc(0), stderr: "" });
  const problems = await perform({ ...machine, run }, [step("a", on(), { type: "service", enabled: true })]);
  expect(problems.map(({ code }) => code)).toEqual(["service-not-as-wanted"]);
});

test("a run without time left starts nothing more", async () => {
  const paper = paperSystemd({ a: { is: "stopped" } });
  const steps = [step("a", off(), { type: "service", running: true })];
  expect((await perform(paper.machine, steps, AbortSignal.abort())).map(({ code }) => code)).toEqual(["deadline"]);
  expect(paper.done).toEqual([]);
});

test("what was set is set back at once; what ran comes back when its files are back", async () => {
  const units = { a: { is: "running", enabled: true }, b: { is: "running" }, c: { is: "stopped" } } as const;
  const paper = paperSystemd(structuredClone(units));
  const steps = [
    step(
      "a",
      { type: "service", enabled: true, running: true, masked: false },
      { type: "service", enabled: false, running: false },
    ),
    step(
      "b",
      { type: "service", enabled: false, running: true, masked: false },
      { type: "service" },
      { renew: "restart" },
    ),
    step("c", off(), { type: "service", enabled: true, running: true }),
  ];
  expect(await perform(paper.machine, steps)).toEqual([]);
  paper.done.length = 0;
  expect(await serviceKind.undo(paper.machine, steps.toReversed())).toEqual([]);
  expect(paper.done).toEqual(["stop c", "disable c", "enable a"]);
  paper.done.length = 0;
  expect(await serviceKind.undo(paper.machine, steps.toReversed())).toEqual([]);
  expect(paper.done).toEqual([]);
  expect(await serviceKind.revive?.(paper.machine, steps)).toEqual([]);
  expect(paper.done).toEqual(["daemon-reload", "start a", "restart b"]);
  expect(await serviceKind.revive?.(paper.machine, steps)).toEqual([]);
  expect(paper.done.slice(3)).toEqual(["daemon-reload", "restart b"]);
});

test("walking back a step that was never made changes nothing", async () => {
  const paper = paperSystemd({ a: { is: "stopped", enabled: false } });
  const steps = [step("a", off(), { type: "service", enabled: true, running: true })];
  expect(await serviceKind.undo(paper.machine, steps)).toEqual([]);
  expect(paper.done).toEqual([]);
});

test("a service that does not come back is told, and does not keep the journal open", async () => {
  const paper = paperSystemd({ a: { is: "stopped", broken: true } });
  const steps = [step("a", on(), { type: "service" }, { renew: "restart" })];
  const problems = (await serviceKind.revive?.(paper.machine, steps)) ?? [];
  expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(["not-revived"]));
});

test("one that came with this run, and failed, leaves no failure behind", async () => {
  const paper = paperSystemd({ a: { is: "stopped", broken: true } });
  const steps = [step("a", ABSENT, { type: "service", running: true, enabled: true })];
  expect(await perform(paper.machine, steps)).not.toEqual([]);
  expect(await serviceKind.undo(paper.machine, steps)).toEqual([]);
  expect(paper.units["a"]).toMatchObject({ is: "stopped", enabled: false });
});

function targetOf(wanted: Partial<Service>, running: Partial<Running> = {}, more: Partial<Wanted> = {}): Target {
  const state: Service = { type: "service", ...wanted };
  const one: Wanted = { state, policy: "enforce", running: { ...RUNNING, ...running }, ...more };
  return { key: "k", wanted: new Map([["service:squid", one]]), health: [], brake: { maxRemovals: 9, maxShare: 1 } };
}

function file(path: string): Change {
  const before: State = { type: "regular", digest: "a", size: 1 };
  return { id: idOf("file", path), before, after: { ...before, digest: "b" }, why: "changed", standing: "pending" };
}

function step(name: string, before: State, after: State, more: Partial<Change> = {}): Step {
  const id: ResourceId = `service:${name}`;
  return { n: 0, change: { id, before, after, why: "changed", standing: "pending", ...more } };
}

function on(): Service {
  return { type: "service", enabled: false, running: true, masked: false };
}

function off(): Service {
  return { type: "service", enabled: false, running: false, masked: false };
}

function perform(machine: Machine, steps: readonly Step[], signal = new AbortController().signal) {
  const done = () => Promise.resolve();
  return serviceKind.perform(machine, steps, { signal, done, contents: new Map(), earlier: new Set() });
}
