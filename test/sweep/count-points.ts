// A school in; the points of the run that its server is about to make out, as strace will count them.
import { expect } from "@jest/globals";
import { pointsOf, recounted, type Point } from "./points.ts";
import type { SweptSchool } from "./swept-school.ts";
import { TOUCHING } from "./touching.ts";

/** Points of one kind and thread together. `everyStop` is as in the runs that will be made. */
export async function countPoints(school: SweptSchool, everyStop: boolean): Promise<readonly (readonly Point[])[]> {
  await school.restore();
  const traced = await school.now(["execve", "clone3", ...TOUCHING]);
  const { changes } = JSON.parse(traced.stdout) as { readonly changes: readonly unknown[] };
  expect(changes.length).toBeGreaterThanOrEqual(25);
  const rows: (readonly Point[])[] = [];
  for (const row of pointsOf(traced.calls, TOUCHING, school.shorten)) rows.push(await recount(school, row, everyStop));
  return rows;
}

/** Paths of all programs that a run starts, and of those that these start. */
export async function programsOf(school: SweptSchool): Promise<readonly string[]> {
  await school.restore();
  const [own, ...others] = (await school.now(["execve"])).calls;
  const started = others.filter(({ thread, rest }) => thread !== own?.thread && rest.endsWith(" = 0"));
  return [...new Set(started.flatMap(({ rest }) => /^"([^"]+)"/u.exec(rest)?.[1] ?? []))].sort();
}

/** Node writes to wake itself: a lift makes it do so more often, and a busy strace less often. */
async function recount(school: SweptSchool, row: readonly Point[], everyStop: boolean): Promise<readonly Point[]> {
  const [first] = row;
  if (first?.lift.call !== "write") return row;
  await school.restore();
  const { calls } = await school.now(["write"], { lift: first.lift, everyStop });
  return recounted(row, calls, school.shorten);
}
