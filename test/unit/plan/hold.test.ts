// One broken item holds back what depends on it, and nothing else.
import { expect, test } from "@jest/globals";
import { ABSENT } from "../../../reconciler/model/absent.ts";
import type { Change, Wait } from "../../../reconciler/model/plan.ts";
import type { ResourceId } from "../../../reconciler/model/state.ts";
import type { Target, Wanted } from "../../../reconciler/model/target.ts";
import { hold } from "../../../reconciler/plan/hold.ts";
import { heldSentence } from "../../../reconciler/report/sentence.ts";

const BROKEN: Wait = { for: "trouble", what: "its repository does not answer" };

function change(id: ResourceId, more: Partial<Change> = {}): Change {
  return { id, before: ABSENT, after: { type: "installed" }, why: "new", standing: "pending", ...more };
}

function targetOf(needs: Readonly<Record<string, readonly ResourceId[]>>): Target {
  const wanted = Object.entries(needs).map(([id, own]): [ResourceId, Wanted] => [
    id as ResourceId,
    { state: ABSENT, policy: "enforce", needs: own },
  ]);
  return { key: "", wanted: new Map(wanted), health: [], brake: { maxRemovals: 1, maxShare: 1 } };
}

const NO_NEEDS = targetOf({});

test("what needs something that waits, waits with it, however far; the rest goes on", () => {
  const target = targetOf({
    "package:nginx": [],
    "file:/etc/a": ["package:nginx"],
    "service:web": ["file:/etc/a"],
    "file:/b": [],
  });
  const changes = (["service:web", "file:/etc/a", "package:nginx", "file:/b"] as const).map((id) => change(id));
  const split = hold(changes, new Map([["package:nginx", BROKEN]]), target);
  expect(split.changes.map(({ id }) => id)).toEqual(["file:/b"]);
  expect(split.held.map(heldSentence)).toEqual([
    "wait with service web: it needs /etc/a, which waits",
    "wait with /etc/a: it needs package nginx, which waits",
    "wait with package nginx: its repository does not answer",
  ]);
});

test("what waits need not be a change itself", () => {
  const target = targetOf({ "package:nginx": [], "service:web": ["package:nginx"] });
  const split = hold([change("service:web")], new Map([["package:nginx", BROKEN]]), target);
  expect(split.changes).toEqual([]);
});

test("a package that is pulled in holds back those that pull it in", () => {
  const changes = [
    change("package:app"),
    change("package:lib", { why: "follows", because: ["package:app"] }),
    change("package:other"),
  ];
  const split = hold(changes, new Map([["package:lib", BROKEN]]), NO_NEEDS);
  expect(split.changes.map(({ id }) => id)).toEqual(["package:other"]);
});

test("what only followed something that waits is not made", () => {
  const changes = [
    change("file:/etc/a"),
    change("service:web", { why: "follows", because: ["file:/etc/a"], renew: "restart" }),
    change("service:dns", { why: "follows", because: ["file:/etc/a", "file:/etc/b"], renew: "restart" }),
    change("file:/etc/b"),
  ];
  const { changes: made } = hold(changes, new Map([["file:/etc/a", BROKEN]]), NO_NEEDS);
  expect(made.map(({ id, because }) => [id, because])).toEqual([
    ["service:dns", ["file:/etc/b"]],
    ["file:/etc/b", undefined],
  ]);
});

test("the end of a wait is told, also to what waits with it", () => {
  const untilMs = Date.UTC(2026, 10, 24, 1);
  const window: Wait = { for: "window", what: "the window nights is not open", untilMs };
  const target = targetOf({ "package:nginx": [], "service:web": ["package:nginx"] });
  const split = hold([change("package:nginx"), change("service:web")], new Map([["package:nginx", window]]), target);
  expect(split.held.map(heldSentence)).toEqual([
    "wait with package nginx until 2026-11-24T01:00Z: the window nights is not open",
    "wait with service web until 2026-11-24T01:00Z: it needs package nginx, which waits",
  ]);
});
