// The order of a plan: a server is built up from accounts to services, and taken down the other way round.
import { expect, test } from "@jest/globals";
import { ABSENT } from "../../../reconciler/model/absent.ts";
import type { Change } from "../../../reconciler/model/plan.ts";
import type { ResourceId, State } from "../../../reconciler/model/state.ts";
import type { Target, Wanted } from "../../../reconciler/model/target.ts";
import { arrange } from "../../../reconciler/plan/arrange.ts";
import { circles } from "../../../reconciler/plan/graph.ts";

const STATES: Readonly<Record<string, State>> = {
  group: { type: "group", gid: 100 },
  user: { type: "user", uid: 100, group: "kiwix", groups: [] },
  package: { type: "installed" },
  file: { type: "symlink", target: "x" },
  data: { type: "data", shape: "file", digest: "", size: 0 },
  service: { type: "service", running: true },
};

function stateOf(id: ResourceId): State {
  return STATES[id.slice(0, id.indexOf(":"))] ?? ABSENT;
}

function made(id: ResourceId): Change {
  return { id, before: ABSENT, after: stateOf(id), why: "new", standing: "pending" };
}

function gone(id: ResourceId): Change {
  return { id, before: stateOf(id), after: ABSENT, why: "retired", standing: "pending" };
}

function targetOf(needs: Readonly<Record<string, readonly ResourceId[]>>): Target {
  const entries = Object.entries(needs).map(([id, own]): [ResourceId, Wanted] => [
    id as ResourceId,
    { state: stateOf(id as ResourceId), policy: "enforce", needs: own },
  ]);
  return { key: "", wanted: new Map(entries), health: [], brake: { maxRemovals: 1, maxShare: 1 } };
}

function idsOf(changes: readonly Change[], target = targetOf({})): readonly string[] {
  return arrange(changes, target).map(({ id }) => id);
}

test("accounts, packages, files, data, services", () => {
  const ids: ResourceId[] = ["service:web", "data:/srv/a", "file:/etc/a", "package:nginx", "user:web", "group:web"];
  expect(idsOf(ids.map(made))).toEqual([...ids].reverse());
});

test("what stops comes first, and accounts go last", () => {
  const changes = [
    gone("group:web"),
    gone("user:web"),
    gone("package:nginx"),
    made("file:/etc/a"),
    gone("service:web"),
  ];
  expect(idsOf(changes)).toEqual(["service:web", "package:nginx", "file:/etc/a", "user:web", "group:web"]);
});

test("a service comes after the service that it needs, and otherwise by name", () => {
  const target = targetOf({ "service:a": ["service:z"], "service:z": [], "service:b": [] });
  expect(idsOf([made("service:b"), made("service:z"), made("service:a")], target)).toEqual([
    "service:z",
    "service:a",
    "service:b",
  ]);
});

test("a circle of needs is found once, and named from where it begins", () => {
  const target = targetOf({ "service:a": ["service:b"], "service:b": ["service:c"], "service:c": ["service:b"] });
  expect(circles(target)).toEqual([["service:b", "service:c"]]);
  expect(circles(targetOf({ "service:a": ["service:b"], "service:b": [] }))).toEqual([]);
});
